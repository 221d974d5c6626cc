"""The floor's door: standalone Voila that serves the pages, and the house as its child.

A visitor is a random id in a cookie; the house binds a token to it, and only the token goes on
into the page's kernel.
"""

from kefu.door.serve import serve

__all__ = ["serve"]
