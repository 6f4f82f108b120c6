"""The gallery in the browser: the only place that knows Gradio."""
