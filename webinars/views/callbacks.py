"""What a room server tells us. It changes next to nothing: nobody is believed without a signature."""

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from webinars import actions
from webinars.rooms import RoomProblem
from webinars.rooms.bbb import read_recording_ready

log = structlog.get_logger(__name__)


@csrf_exempt  # the caller is a server; its signature is checked
@require_POST
def bbb_recording(request: HttpRequest) -> HttpResponse:
    """BigBlueButton: a recording can be watched. 410 makes it stop asking."""
    try:
        room_key, record_id = read_recording_ready(request.POST.get("signed_parameters", ""))
    except RoomProblem as problem:
        log.warning("room_callback_refused", reason=problem.reason)
        return HttpResponse(status=403)
    is_known = actions.note_recording(room_key=room_key, record_id=record_id, now=timezone.now())
    return HttpResponse(status=200 if is_known else 410)
