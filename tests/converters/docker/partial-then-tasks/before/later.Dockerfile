FROM python:3.12-slim AS builder
RUN pip install poetry==2.1.2
WORKDIR /app
ENV POETRY_VIRTUALENVS_IN_PROJECT=1
COPY pyproject.toml poetry.lock ./
RUN poetry install --only main --no-root
COPY . .
RUN make translations
RUN make clean

FROM builder
RUN useradd --no-create-home kiosk
USER kiosk
CMD docker/start.sh --port 8000

FROM python:3.12-slim
WORKDIR /app
COPY --from=builder /app/.venv /app/.venv
CMD ["docker/plain.sh", "flask", "run"]

FROM python:3.12-slim
WORKDIR /app
RUN pip install poetry
COPY . .
COPY --from=builder /app/.venv /app/.venv
CMD ["/app/docker/start.sh"]

FROM python:3.12-slim
WORKDIR /app
COPY . .
COPY --from=builder /app/.venv /app/.venv
ENTRYPOINT ["sh", "-c", "docker/start.sh"]
