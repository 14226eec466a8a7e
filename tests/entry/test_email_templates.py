"""The doors to e-mail templates."""

from tests.entry.conftest import ADAM, OLGA, Api

HELLO = {"name": "Hello", "subject": "Hi {{ person.first_name }}", "body": "<p>Hello</p>"}


def made(api: Api) -> str:
    return str(api.post("/v1/email-templates", HELLO).json_body["data"]["id"])


def test_a_template_is_made_read_changed_and_removed(api: Api) -> None:
    path = f"/v1/email-templates/{made(api)}"

    changed = api.having(If_Match='"1"').patch(path, {"language": "nb", "body": "<p>Hei</p>"})
    stale = api.having(If_Match='"1"').patch(path, {"language": "sv"})
    listed = api.get("/v1/email-templates?limit=1").json_body["data"]
    gone = api.delete(path)

    assert changed.json_body["data"].items() >= {"language": "nb", "version": 2}.items()
    assert (stale.status_code, stale.json_body["code"]) == (409, "version_conflict")
    assert listed == [changed.json_body["data"]]
    assert (gone.status_code, api.get(path).status_code) == (200, 404)


def test_what_cannot_be_a_template_is_refused_at_once(api: Api) -> None:
    wrong = {"name": " ", "subject": "{{ person.name", "body": "{% for a in b %}{% endfor %}"}

    answer = api.post("/v1/email-templates", wrong)

    problems = {(each["path"], each["code"]) for each in answer.json_body["errors"]}
    assert problems == {
        ("name", "blank"),
        ("subject", "wrong_text"),
        ("body", "wrong_text"),
    }
    assert api.get("/v1/email-templates").json_body["data"] == []


def test_colleagues_use_a_template_but_do_not_change_it(api: Api) -> None:
    path = f"/v1/email-templates/{made(api.of(ADAM))}"

    assert api.get(path).status_code == 200
    assert api.patch(path, {"name": "Mine"}).json_body["code"] == "role_missing"
    assert api.delete(path).json_body["code"] == "role_missing"
    assert api.of(ADAM).patch(path, {"name": "Ours"}).status_code == 200


def test_an_admin_changes_the_template_of_another(api: Api) -> None:
    path = f"/v1/email-templates/{made(api)}"

    assert api.of(ADAM).patch(path, {"name": "Ours"}).json_body["data"]["name"] == "Ours"


def test_another_tenant_has_no_part_in_a_template(api: Api) -> None:
    path = f"/v1/email-templates/{made(api)}"
    olga = api.of(OLGA)

    assert olga.get(path).status_code == 404
    assert olga.patch(path, {"name": "Hers"}).status_code == 404
    assert olga.delete(path).status_code == 404
    assert olga.post(f"{path}/preview", {}).status_code == 404
    assert olga.get("/v1/email-templates").json_body["data"] == []
