"""Files of a lesson: its video, shown on the page, and what is downloaded. Only for who is inside the course."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from core.ranges import Unsatisfiable, part_of, pieces
from training.curriculum_media import DOWNLOADS, VIDEOS
from training.queries import media
from training.views.courses import inside
from training.views.gates import seat_of

_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}


@inside
@require_safe
def download(
    request: HttpRequest, slug: str, number: int, lesson: int, file: int, language: str
) -> FileResponse:
    seat = seat_of(request, slug)
    path = media.download_file(number, lesson, file, language, seat.course.pk)
    if path is None:
        raise Http404
    content_type = DOWNLOADS[path.suffix.removeprefix(".")]
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=path.name, content_type=content_type, headers=_HEADERS
    )


@inside
@require_safe
def video(request: HttpRequest, slug: str, number: int, lesson: int) -> HttpResponseBase:
    """Whole or in part: without parts nobody can wind, and some players do not play."""
    seat = seat_of(request, slug)
    path = media.video_file(number, lesson, seat.course.pk)
    if path is None:
        raise Http404
    size = path.stat().st_size
    headers = _HEADERS | {"Accept-Ranges": "bytes"}
    try:
        part = part_of(request.headers.get("Range", ""), size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    content_type = VIDEOS[path.suffix.removeprefix(".")]
    if part is None:
        return FileResponse(path.open("rb"), content_type=content_type, headers=headers)
    first, last = part
    headers |= {"Content-Range": f"bytes {first}-{last}/{size}", "Content-Length": str(last - first + 1)}
    return StreamingHttpResponse(
        pieces(path, first, last), status=206, content_type=content_type, headers=headers
    )
