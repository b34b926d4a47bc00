FROM python:3.12-slim AS builder
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/
ENV UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups --no-install-project
COPY . .
ENV UV_NO_SYNC=1
RUN make translations
RUN make clean

FROM builder
RUN useradd --no-create-home kiosk
USER kiosk
ENV UV_NO_CACHE=1
CMD docker/start.sh --port 8000

FROM python:3.12-slim
WORKDIR /app
COPY --from=builder /app/.venv /app/.venv
CMD ["docker/plain.sh", "flask", "run"]

FROM python:3.12-slim
WORKDIR /app
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/
ENV UV_PYTHON_DOWNLOADS=never
COPY . .
COPY --from=builder /app/.venv /app/.venv
ENV UV_NO_SYNC=1
CMD ["/app/docker/start.sh"]

FROM python:3.12-slim
WORKDIR /app
COPY . .
COPY --from=builder /app/.venv /app/.venv
ENV UV_NO_SYNC=1
ENTRYPOINT ["sh", "-c", "docker/start.sh"]
