"""Checks of requests against AWS's own models of its APIs, which botocore ships."""


def check(request):
    """Refuses a request without a member that the model requires."""
    shape = request.model.input_shape
    if shape is None:
        return
