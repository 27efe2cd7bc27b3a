# The service of `lbp-infer serve`: docker build -t lbp-infer . && docker run --rm -p 8000:8000 lbp-infer
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE constraints.txt ./
COPY bayesnet bayesnet
COPY cli cli
COPY models models
COPY validation validation
RUN python -m venv /opt/lbp-infer \
    && /opt/lbp-infer/bin/pip install --no-cache-dir --constraint constraints.txt ".[service]"

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent lbp-infer
COPY --from=build /opt/lbp-infer /opt/lbp-infer
ENV PATH=/opt/lbp-infer/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LBP_INFER_CACHE=/opt/lbp-infer/cache
# The shipped model is read once here, so that a start does not wait for it; the cache is read only.
RUN lbp-infer --json > /dev/null
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/v1/health/ready')"
STOPSIGNAL SIGTERM
ENTRYPOINT ["lbp-infer", "serve", "--host", "0.0.0.0", "--port", "8000"]
