# The gallery on one's own server:
#   docker build -t ganzoo . && docker run -p 7860:7860 -v ganzoo:/data ganzoo
FROM python:3.12-slim
RUN useradd --create-home --uid 1000 user && mkdir -p /data && chown user /data
USER user
WORKDIR /home/user/app
ENV PATH=/home/user/.local/bin:$PATH PYTHONUNBUFFERED=1 \
    GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=7860 \
    GANZOO_DATABASE_URL=sqlite:////data/studies.sqlite \
    GANZOO_CACHE=/data/cache HF_HOME=/data/huggingface GANZOO_LOG=json
COPY --chown=user requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY --chown=user app.py LICENSE ./
COPY --chown=user ganzoo ganzoo
COPY --chown=user checkpoints checkpoints
VOLUME /data
EXPOSE 7860
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/health')"]
CMD ["python", "app.py"]
