FROM python:3.12-slim
WORKDIR /app
COPY . .
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/
ENV UV_PYTHON_DOWNLOADS=never
RUN uv sync --locked --no-default-groups
RUN make translations
RUN uv add gunicorn
