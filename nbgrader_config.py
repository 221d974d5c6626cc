from kefu.grading.config import configure

configure(get_config())  # noqa: F821
