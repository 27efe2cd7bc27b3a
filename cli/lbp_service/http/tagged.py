"""Send what stands for itself with a tag of what it says, or word that the caller has it."""

from lbp_service.http.exchange import JSON_TYPE, Scope, Send, headers_of, respond
from lbp_service.http.tags import matches, tag_of


async def respond_tagged(
    scope: Scope, send: Send, body: bytes, media_type: str = JSON_TYPE
) -> None:
    """Send a body with its ETag, or 304 where `If-None-Match` names it."""
    headers = {"Content-Type": media_type, "Cache-Control": "no-cache", "ETag": tag_of(body)}
    wanted = [headers_of(scope).get("if-none-match", "")]
    if matches(headers["ETag"], wanted, star=True):
        await respond(send, 304, headers=headers)
    else:
        await respond(send, 200, body, headers)
