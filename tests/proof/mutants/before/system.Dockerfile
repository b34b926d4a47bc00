FROM python:3.12-slim
ENV POETRY_VIRTUALENVS_CREATE=false
RUN pip install poetry==2.1.4 supervisor
WORKDIR /app
COPY pyproject.toml poetry.lock README.md ./
COPY src src
RUN poetry install --only main
COPY worker worker
RUN cd worker && poetry install
CMD ["supervisord"]
