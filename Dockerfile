# One image for every process; compose.yaml says which one a container runs.
FROM python:3.13-slim AS build
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN apt-get update -q && apt-get install -q -y --no-install-recommends gettext \
    && /opt/venv/bin/python manage.py compilemessages --ignore=.venv
# Static files get their final names in production mode; nothing of these values stays.
RUN PORTAL_ENV=production DATABASE_URL=postgresql://build/build REDIS_URL=redis://build/0 \
    SECRET_KEY=only-while-the-image-is-being-built STATION_KEY=only-while-the-image-is-being-built \
    PUBLIC_URL=https://build.invalid BRIDGE_PUBLIC_URL=wss://build.invalid/ocpp \
    ALLOWED_HOSTS=build.invalid \
    /opt/venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /app portal && mkdir -p /app /data && chown portal /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_ENV=production VAR_DIR=/data WEB_HOST=0.0.0.0 BRIDGE_HOST=0.0.0.0
USER portal
STOPSIGNAL SIGTERM
CMD ["uvicorn", "portal.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--timeout-graceful-shutdown", "3", "--no-access-log"]
