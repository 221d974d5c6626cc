"""Twenty questions in JupyterLab: kefu's player beside ipywidgets and jupyterquiz."""
