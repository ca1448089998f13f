# The first stage builds the wheel and a virtual environment that holds it with the locked dependencies. The second
# takes only that environment, so neither the sources nor pip's leftovers travel in the image.
FROM python:3.12-slim AS build
WORKDIR /source
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
COPY constraints.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/prep-bot \
    && /opt/prep-bot/bin/pip install --constraint constraints.txt --upgrade pip
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY locales locales
COPY prep_bot prep_bot
COPY handlers handlers
COPY scheduler scheduler
RUN --mount=type=cache,target=/root/.cache/pip \
    /opt/prep-bot/bin/pip wheel --no-deps --build-constraint constraints.txt --wheel-dir /wheel . \
    && /opt/prep-bot/bin/pip install --constraint constraints.txt "$(echo /wheel/prep_bot-*.whl)[postgres]"

FROM python:3.12-slim
LABEL org.opencontainers.image.title="prep-bot" \
      org.opencontainers.image.description="Telegram bot that does the clerk's work of an electoral commission" \
      org.opencontainers.image.licenses="MIT"
# A fixed number, so that whoever mounts a folder in place of the volume knows whom to give it to.
RUN useradd --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin prep-bot \
    && install --directory --owner=prep-bot --group=prep-bot --mode=0700 /data
COPY --from=build /opt/prep-bot /opt/prep-bot
ENV PATH=/opt/prep-bot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PREP_BOT_DATABASE_URL=sqlite+aiosqlite:////data/prep-bot.sqlite3
USER 10001:10001
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=60s --timeout=15s --start-period=60s --retries=3 CMD ["prep-bot", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["prep-bot"]
CMD ["run"]
