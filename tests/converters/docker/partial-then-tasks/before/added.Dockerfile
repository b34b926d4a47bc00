FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN pip install poetry==2.1.2
RUN poetry install --only main
RUN make translations
RUN poetry add gunicorn
