"""Citizens who apply and clerks who decide, over HTTP, each step tried again until it is answered."""

import http.client
import io
import json
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from PIL import Image

from bench.place import Place
from bench.submission import ANSWERS, PLAIN

# so long a step is tried before it counts as lost
PATIENCE = 180.0
STEPS = {"promised": ("accept", "review", "grant"), "instant": ("complete",)}
OF_POST = {"accept": "window", "review": "approver", "grant": "approver", "complete": "window"}


class Refused(Exception):
    """An answer that no repetition makes good; the text is what was asked and what came."""


@dataclass(frozen=True)
class Work:
    """The hall, the item and its application, and whose tokens there are."""

    schema: str
    host: str
    item: str
    kind: str
    materials: tuple[str, ...]
    body: dict[str, Any]
    people: dict[str, dict[str, str]]


@dataclass
class Told:
    """What was acknowledged: by key the case's number and its decision; and how often something was asked again."""

    numbers: dict[str, str] = field(default_factory=dict)
    decided: dict[str, list[str]] = field(default_factory=dict)
    retries: int = 0
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def steps(self) -> int:
        """How many steps were acknowledged so far."""
        with self.lock:
            return len(self.numbers) + sum(len(steps) for steps in self.decided.values())


class Caller:
    """Asks the API of one hall, again and again until it answers; a new connection each time one is lost."""

    def __init__(self, port: int, host: str, told: Told) -> None:
        self.port, self.host, self.told = port, host, told
        self.connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any, bool]:
        """Return status, answer, and whether it was asked more than once. Raises Refused after PATIENCE."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        deadline, tries, last = time.monotonic() + PATIENCE, 0, ""
        while time.monotonic() < deadline:
            tries += 1
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                given = {"Host": self.host, "Content-Type": "application/json", **named}
                self.connection.request(method, f"/api/v1/{path}", body or None, given)
                response = self.connection.getresponse()
                text = response.read()
                if response.status < 500:
                    return response.status, json.loads(text), tries > 1
                last = f"{response.status}"
            except (OSError, http.client.HTTPException, ValueError) as problem:
                last = repr(problem)
                if self.connection is not None:
                    self.connection.close()
                self.connection = None
            with self.told.lock:
                self.told.retries += 1
            time.sleep(0.05 * min(tries, 10))
        raise Refused(f"{method} {path}: no answer in {PATIENCE:.0f} s, last {last}")

    def token(self, person: dict[str, str]) -> str:
        """Return a token of this person."""
        body = json.dumps({"username": person["username"], "password": person["password"]}).encode()
        status, answer, _again = self.ask("POST", "token/", body)
        if status != http.client.OK:
            raise Refused(f"token of {person['username']}: {status} {answer}")
        return f"Token {answer['token']}"


def apply_and_decide(caller: Caller, work: Work, key: str, citizen: str, tokens: dict[str, str]) -> None:
    """File one application with its papers, and take it to its decision; note what was acknowledged."""
    files = {material: [_upload(caller, material, citizen, key)] for material in work.materials}
    body = json.dumps({**work.body, "files": files}).encode()
    status, answer, _again = caller.ask("POST", "cases/", body, Authorization=citizen, Idempotency_Key=key)
    if status != http.client.CREATED:
        raise Refused(f"POST cases/: {status} {answer}")
    number = str(answer["number"])
    with caller.told.lock:
        caller.told.numbers[key] = number
    for name in STEPS[work.kind]:
        _step(caller, number, name, tokens[OF_POST[name]])
        with caller.told.lock:
            caller.told.decided.setdefault(number, []).append(name)


def _step(caller: Caller, number: str, name: str, token: str) -> None:
    status, answer, again = caller.ask("POST", f"cases/{number}/actions/{name}/", b"{}", Authorization=token)
    if status == http.client.OK:
        return
    # the first asking may have been done, and its answer lost
    if again and status == http.client.CONFLICT:
        _status, case, _again = caller.ask("GET", f"cases/{number}/", Authorization=token)
        if any(event["action"] in {name, "grant"} for event in case["events"]):
            return
    raise Refused(f"{name} of {number}: {status} {answer}")


def picture(colour: tuple[int, int, int]) -> bytes:
    """Return a small JPEG of one colour."""
    content = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(content, "JPEG")
    return content.getvalue()


def _upload(caller: Caller, material: str, token: str, key: str) -> str:
    # each file is another one
    content = picture((int(key[:2], 16), int(key[2:4], 16), int(key[4:6], 16)))
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="material"\r\n\r\n{material}\r\n'.encode(),
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'.encode(),
        b"Content-Type: image/jpeg\r\n\r\n" + content + f"\r\n--{mark}--\r\n".encode(),
    ]
    status, answer, _again = caller.ask(
        "POST", "files/", b"".join(parts), Authorization=token,
        Content_Type=f"multipart/form-data; boundary={mark}",
    )  # fmt: skip
    if status != http.client.CREATED:
        raise Refused(f"POST files/: {status} {answer}")
    return str(answer["id"])


def choose(place: Place) -> Work:
    """Return what is applied for: in the first hall with a window and an approver, an item with few papers and a deadline."""
    people = yaml.safe_load((place.city_folder / "people.yaml").read_text(encoding="utf-8"))
    posts: dict[str, dict[str, dict[str, str]]] = {}
    for person in people:
        if person.get("post"):
            posts.setdefault(person["hall"], {})[person["post"]] = person
    schema = next(hall for hall, held in posts.items() if {"window", "approver"} <= held.keys())
    ((host,),) = place.execute(
        "SELECT d.domain FROM tenants_shared_domain d JOIN tenants_shared_hall h ON h.id = d.tenant_id"
        f" WHERE h.schema_name = '{schema}' AND d.is_primary"
    )
    wanted = "(m ->> 'exempt')::boolean IS NOT TRUE AND (m ->> 'hidden')::boolean IS NOT TRUE"
    ((item, kind, form, delivery, materials),) = place.execute(
        f"SET search_path = {schema}, public",
        "SELECT code, kind, form, delivery, (SELECT COALESCE(jsonb_agg(m ->> 'key'), '[]') FROM jsonb_array_elements(materials) m"
        f" WHERE {wanted}) FROM catalog_hall_effectiveitem e WHERE can_apply AND NOT hidden"
        f" AND EXISTS (SELECT FROM jsonb_array_elements(materials) m WHERE {wanted}) AND {PLAIN}"
        " ORDER BY kind = 'instant', audience = 'business', jsonb_array_length(materials), code LIMIT 1",
    )
    ((town,),) = place.execute("SELECT min(code) FROM tenants_shared_division")
    answers = {}
    for row in form:
        first = next((choice["value"] for choice in row.get("choices") or []), "")
        answers[row["name"]] = {**ANSWERS, "choice": first, "division": town}[row["type"]]
    method = "window" if "window" in delivery or not delivery else delivery[0]
    citizens = {person["username"]: person for person in people if person["role"] == "citizen"}
    body = {"item": item, "answers": answers, "delivery": {"method": method}}
    return Work(schema, host, item, kind, tuple(materials), body, {**citizens, **posts[schema]})


def citizens(work: Work) -> Iterator[dict[str, str]]:
    """Yield those who apply."""
    yield from (person for person in work.people.values() if person["role"] == "citizen")
