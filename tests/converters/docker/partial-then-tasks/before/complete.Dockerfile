FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN pip install poetry==2.1.2
RUN poetry install
RUN make translations
CMD ["docker/start.sh"]
