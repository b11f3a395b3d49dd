"""The pages and the API of questions and complaints: whoever asked, the staff, and never whom a complaint is about."""

from uuid import UUID

COME_IN, SIGN_IN = "/come-in/?next=", "/sign-in/?next="
KEY = "00000000-0000-4000-8000-000000000009"
ASKED = {"step": "check", "key": KEY, "text": "几点开门", "may_publish": "no"}
COMPLAINED = {"step": "check", "key": KEY, "about": "service", "text": "没有座位"}


def _number(name):
    return lambda world: {"number": getattr(world, name).number}


def _file(name):
    def kwargs(world):
        enquiry = getattr(world, name)
        return {"number": enquiry.number, "file_pk": world.enquiry_files[name]}

    return kwargs


asked_file = _file("asked_here")


def _act(name, act):
    return lambda world: {"number": getattr(world, name).number, "name": act}


def routes(Route, expects):
    """The rows of the table. `complained` is about the clerk at the window."""
    anybody = expects(200, unknown=COME_IN)
    own = expects(404, unknown=COME_IN, owner=200)
    staff = expects(200, unknown=SIGN_IN, citizens=403)
    leaders = expects(404, unknown=SIGN_IN, citizens=403, head=200, admin=200)

    def own_post(leads_to):
        return expects(404, unknown=403, owner=leads_to)

    def staff_post(leads_to):
        return expects(leads_to, unknown=403, citizens=403)

    def leaders_post(leads_to):
        return expects(404, unknown=403, citizens=403, head=leads_to, admin=leads_to)

    return (
        Route("ask", "GET", anybody),
        Route("ask", "POST", expects("/enquiries/Z", unknown=403), data=ASKED),
        Route("ask", "POST", expects(422, unknown=403), data={"step": "text", "key": KEY}, label="empty"),
        Route("complain", "GET", anybody),
        Route("complain", "POST", expects("/enquiries/T", unknown=403), data=COMPLAINED),
        Route("enquiries", "GET", anybody),
        Route("enquiry", "GET", own, _number("asked_here")),
        Route("enquiry", "GET", own, _number("complained"), label="a complaint"),
        Route("enquiry-add", "POST", own_post("/enquiries/Z"), _number("asked_here"), {"text": "还有"}),
        Route("enquiry-rate", "POST", own_post("/enquiries/Z"), _number("answered_here"), {"solved": "no"}),
        Route("enquiry-private", "POST", own_post("/enquiries/Z"), _number("answered_here")),
        Route("enquiry-reopen", "GET", own, _number("answered_here")),
        Route("enquiry-reopen", "POST", own_post("/enquiries/Z"), _number("answered_here"), {"text": "不行"}),
        Route(
            "enquiry-file",
            "GET",
            expects(404, unknown=COME_IN, owner=200, desk=200, editors=200),
            asked_file,
        ),
        Route(
            "enquiry-file",
            "GET",
            expects(404, unknown=COME_IN, owner=200, head=200, admin=200),
            _file("complained"),
            label="of a complaint",
        ),
        Route("answers", "GET", expects(200), query="q=开门"),
        Route("answer", "GET", expects(200), lambda world: {"pk": world.published.pk}),
        Route("answer", "GET", expects(404), {"pk": UUID(KEY)}, label="of nobody"),
        Route("clerk-enquiries", "GET", staff),
        Route("clerk-enquiry", "GET", staff, _number("asked_here")),
        Route("clerk-enquiry", "GET", leaders, _number("complained"), label="a complaint"),
        Route(
            "clerk-enquiry-act",
            "POST",
            staff_post("/clerk/enquiries/"),
            _act("asked_here", "answer"),
            {"text": "九点"},
        ),
        Route("clerk-enquiry-act", "POST", staff_post(422), _act("asked_here", "answer"), {}, label="empty"),
        Route("clerk-enquiry-act", "POST", staff_post(404), _act("asked_here", "delete"), label="of nothing"),
        Route(
            "clerk-enquiry-act",
            "POST",
            leaders_post("/clerk/enquiries/"),
            _act("complained", "take"),
            label="on a complaint",
        ),
        Route(
            "clerk-enquiry-act",
            "POST",
            leaders_post("/clerk/enquiries/"),
            _act("complained", "answer"),
            {"text": "改了"},
            label="the answer to a complaint",
        ),
        Route("clerk-enquiry-publish", "GET", staff, _number("answered_here")),
        Route(
            "clerk-enquiry-publish",
            "POST",
            staff_post("/clerk/enquiries/"),
            _number("answered_here"),
            {"question": "几点开门", "answer": "九点", "is_seen": "on"},
        ),
        Route(
            "clerk-enquiry-publish",
            "GET",
            expects(404, unknown=SIGN_IN, citizens=403, head=409, admin=409),
            _number("complained"),
            label="a complaint",
        ),
    )


def _upload(world):
    from tests.cases.hall.making import upload

    return {"file": upload()}


def api_routes(Route, api, hall):
    """The rows of the API's table."""
    key = {"Idempotency-Key": "once"}
    own = hall(404, unknown=401, owner=200)
    staff = hall(200, unknown=401, citizens=403)
    leaders = hall(404, unknown=401, citizens=403, head=200, admin=200)
    return (
        Route("api-enquiries", "GET", hall(200, unknown=401)),
        api(
            "api-enquiries",
            "POST",
            hall(201, unknown=401),
            data={"kind": "ask", "text": "几点开门"},
            headers=key,
        ),
        api(
            "api-enquiries",
            "POST",
            hall(400, unknown=401),
            data={"kind": "ask", "text": "几点开门"},
            label="without a key",
        ),
        Route("api-enquiry", "GET", own, _number("complained")),
        api("api-enquiry-add", "POST", own, _number("asked_here"), {"text": "还有"}),
        Route("api-enquiry-files", "POST", own, _number("asked_here"), _upload),
        api("api-enquiry-rate", "POST", own, _number("answered_here"), {"is_solved": True}),
        api("api-enquiry-reopen", "POST", own, _number("answered_here"), {"text": "不行"}),
        Route("api-answers", "GET", hall(200, west_token=401), query="q=开门"),
        Route("api-clerk-enquiries", "GET", staff, query="queue=complaints"),
        Route("api-clerk-enquiry", "GET", staff, _number("asked_here")),
        Route("api-clerk-enquiry", "GET", leaders, _number("complained"), label="a complaint"),
        api(
            "api-clerk-enquiry-act",
            "POST",
            hall(204, unknown=401, citizens=403),
            _act("asked_here", "answer"),
            {"text": "九点"},
        ),
        api(
            "api-clerk-enquiry-act",
            "POST",
            hall(404, unknown=401, citizens=403, head=204, admin=204),
            _act("complained", "answer"),
            {"text": "改了"},
            label="on a complaint",
        ),
    )


def prepare(hall, owner):
    """A question, an answered one that is published, and a complaint about the clerk at the window; with files."""
    from django.utils import timezone

    from cases.hall.enquiry_enums import Kind
    from cases.hall.services.enquiries import answering, asking, publishing
    from tenants.hall.models import Post
    from tests.cases.hall.making import upload
    from tests.conftest import actor

    now, by = timezone.now(), actor(owner)
    clerk = actor(f"{hall.schema_name}_window", ["window"])

    def ask(key, **given):
        question = asking.Question(kind=Kind(given.pop("kind", "ask")), **given)
        return asking.submit(question, by=by, idempotency_key=key, now=now)

    asked = ask("asked", text="几点开门", may_publish=True)
    answered = ask("answered", text="周六开门吗", may_publish=True)
    answered = answering.answer(answered, "不开", by=clerk, now=now)
    window = Post.objects.filter(role="window").order_by("pk").first()
    complained = ask("complained", kind="complain", about="staff", who=window.name, text="态度不好")
    made = {"asked_here": asked, "complained": complained}
    files = {name: asking.add_file(each, upload(), by=by, now=now).pk for name, each in made.items()}
    return {
        **made,
        "answered_here": answered,
        "published": publishing.publish(answered, "周六开门吗", "不开", by=clerk, now=now),
        "enquiry_files": files,
    }
