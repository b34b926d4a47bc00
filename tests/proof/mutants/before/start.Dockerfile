FROM python:3.12-slim
RUN pip install poetry==2.1.4
WORKDIR /app
COPY . .
RUN poetry install --only main
CMD ["poetry", "run", "kiosk"]
