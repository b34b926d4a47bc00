FROM python:3.12-slim
ENV UV_PROJECT_ENVIRONMENT=/usr/local
RUN pip install supervisor
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/
ENV UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock README.md ./
COPY src src
RUN uv sync --locked --inexact --no-default-groups
COPY worker worker
RUN cd worker && uv sync --locked --inexact
CMD ["supervisord"]
