"""What the demo says when it is up: where its halls are, and as whom one may sign in."""

from pathlib import Path

import yaml

from tenants.shared.models import City, Domain

OWNER = "owner"


def announce(port: int, people_file: Path) -> str:
    """Return the addresses of the portal and the halls, a line for a hosts file, and the demo people.

    Reads the halls as the owner. Raises OSError when the file of people is not there.
    """
    city = City.objects.using(OWNER).get()
    domains = (
        Domain.objects.using(OWNER)
        .select_related("tenant")
        .order_by("tenant__position", "tenant_id", "domain")
    )
    places = [
        (city.portal_domain, city.portal_name),
        *((str(each.domain), each.tenant.name) for each in domains),
    ]
    hosts = [host for host, _ in places]
    width = max(len(host) for host in hosts) + len(f"http://:{port}/")
    lines = ["", *(f"  {f'http://{host}:{port}/':<{width}}  {name}" for host, name in places)]
    lines += ["", "若浏览器打不开以上地址，请在 hosts 文件中加一行：", "  127.0.0.1 " + " ".join(hosts)]
    lines += ["", "演示人员（用户名 / 密码 / 角色 / 大厅 / 岗位）：", *_people(people_file)]
    return "\n".join(lines)


def _people(people_file: Path) -> list[str]:
    people = yaml.safe_load(people_file.read_text(encoding="utf-8")) or []
    columns = ("username", "password", "role", "hall", "post")
    rows = [[str(person.get(column) or "") for column in columns] for person in people]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(len(columns))]
    return [
        "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
