"""The runner of migrations: from nothing, again, by several at once, and when it cannot be."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import migrate
from conftest import connect, query
from migrate_database import MigrationError, Target, connect_when_up, read_target
from migrate_files import TABLE, read_migrations

RUNNER = migrate.__file__
ITEMS = "CREATE TABLE item (name text);\nINSERT INTO item VALUES ('one');\n"


def start(url: str, *words: str, **environment: str) -> subprocess.Popen[str]:
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "DATABASE_URL": url, **environment}
    command = [sys.executable, RUNNER, *words]
    return subprocess.Popen(command, env=given, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def run(url: str, *words: str, **environment: str) -> tuple[int, list[str]]:
    process = start(url, *words, **environment)
    output, _ = process.communicate(timeout=60)
    return process.returncode, output.splitlines()


def write(folder: Path, **files: str) -> str:
    for name, text in files.items():
        (folder / f"{name}.sql").write_text(text)
    return str(folder)


def names(url: str) -> list[object]:
    return [name for (name,) in query(url, "SELECT name FROM item ORDER BY name")]


def test_from_nothing_and_again(database: str, tmp_path: Path) -> None:
    folder = write(tmp_path, _1_item=ITEMS, _2_more="INSERT INTO item VALUES ('two; three')")
    assert run(database, "sql", folder) == (
        0,
        ["migrate: applying _1_item.sql", "migrate: applying _2_more.sql", "migrate: applied 2 of 2 files"],
    )
    assert run(database, "sql", folder) == (0, ["migrate: schema is up to date"])
    write(tmp_path, _3_last="DELETE FROM item WHERE name = 'one'")
    assert run(database, "sql", folder)[1][-1] == "migrate: applied 1 of 3 files"
    assert names(database) == ["two; three"]


def test_several_at_once(database: str, tmp_path: Path) -> None:
    # A statement of the others that waits for the lock would keep the index from being made, for ever.
    index = "-- no transaction\nCREATE INDEX CONCURRENTLY item_name ON item (name)"
    folder = write(tmp_path, _1_item=ITEMS + "SELECT pg_sleep(1);", _2_index=index)
    running = [start(database, "sql", folder) for _ in range(4)]
    outputs = [process.communicate(timeout=30)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 4
    assert sum("applied 2 of 2 files" in output for output in outputs) == 1
    assert sum("waiting for another replica" in output for output in outputs) == 3
    assert names(database) == ["one"]


def test_several_commands_at_once(database: str, tmp_path: Path) -> None:
    program = "import pathlib, time; place = pathlib.Path('busy'); place.mkdir(); time.sleep(0.5); place.rmdir()"
    running = [start(database, "command", str(tmp_path), "python", "-c", program) for _ in range(3)]
    outputs = [process.communicate(timeout=30)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 3, outputs


def test_a_command_that_fails(database: str, tmp_path: Path) -> None:
    status, lines = run(database, "command", str(tmp_path), "python", "-c", "raise SystemExit('no such table')")
    assert status == 1
    assert lines[-2] == "no such table"
    assert "ended with status 1; what it said is above" in lines[-1]
    status, lines = run(database, "command", str(tmp_path), "nothing-like-that")
    assert (status, lines[-1]) == (
        1,
        f"migrate: failed: nothing-like-that cannot be run in {tmp_path}: No such file or directory",
    )


def test_a_failing_file_keeps_nothing_of_itself_and_all_before_it(database: str, tmp_path: Path) -> None:
    bad = "INSERT INTO item VALUES ('half');\n\nINSERT INTO nothing VALUES (1);\n"
    folder = write(tmp_path, _1_item=ITEMS, _2_bad=bad, _3_late="INSERT INTO item VALUES ('late')")
    status, lines = run(database, "sql", folder)
    assert status == 1
    assert lines[-1] == (
        'migrate: failed: _2_bad.sql, line 3: relation "nothing" does not exist (nothing of it was kept)'
    )
    assert names(database) == ["one"]
    write(tmp_path, _2_bad="INSERT INTO item VALUES ('good')")
    assert run(database, "sql", folder)[0] == 0
    assert names(database) == ["good", "late", "one"]


def test_a_file_and_its_record_are_one(database: str, tmp_path: Path) -> None:
    twice = f"{ITEMS}INSERT INTO {TABLE} VALUES ('_1_item.sql', 'mine')"
    status, lines = run(database, "sql", write(tmp_path, _1_item=twice))
    assert status == 1
    assert "duplicate key" in lines[-1]
    assert query(database, "SELECT to_regclass('item')") == [[None]]


def test_a_changed_file_is_refused(database: str, tmp_path: Path) -> None:
    folder = write(tmp_path, _1_item=ITEMS)
    assert run(database, "sql", folder)[0] == 0
    (tmp_path / "_1_item.sql").write_bytes(ITEMS.replace("\n", "\r\n").encode())
    assert run(database, "sql", folder)[0] == 0, "another end of lines is no change"
    write(tmp_path, _1_item=ITEMS + "-- and more", _2_more="SELECT 1")
    status, lines = run(database, "sql", folder)
    assert status == 1
    assert lines == [
        "migrate: failed: _1_item.sql changed after being applied to this database. Take the change back, and put what "
        "it does into a file of its own"
    ]


def test_a_dump_that_empties_the_search_path(database: str, tmp_path: Path) -> None:
    dump = "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.item (name text);\n"
    folder = write(tmp_path, _1_dump=dump, _2_more="INSERT INTO item VALUES ('one')")
    assert run(database, "sql", folder)[0] == 0
    assert names(database) == ["one"]


def test_the_order_and_what_is_the_way_back(tmp_path: Path) -> None:
    for name in ["10_c", "9_b", "V1__a", "V10__c", "V9__b", "1_a.up", "1_a.down", "1_a.rollback", "U1__a"]:
        (tmp_path / f"{name}.sql").touch()
    found = [migration.name for migration in read_migrations(tmp_path)]
    assert found == ["V1__a.sql", "V9__b.sql", "V10__c.sql", "1_a.up.sql", "9_b.sql", "10_c.sql"]


@pytest.mark.parametrize(
    "text",
    [
        "-- migrate:up\nup\n\n-- migrate:down\ndown",
        "-- +goose Up\nup\n-- +goose Down\ndown",
        "up\n-- migrate:down\ndown",
    ],
)
def test_of_both_ways_in_a_file_one_is_taken(tmp_path: Path, text: str) -> None:
    write(tmp_path, _1=text)
    assert [migration.sql.strip() for migration in read_migrations(tmp_path)] == ["up"]


def test_an_empty_folder_is_a_mistake(database: str, tmp_path: Path) -> None:
    assert run(database, "sql", str(tmp_path)) == (1, [f"migrate: failed: there are no SQL files in {tmp_path}"])


def test_the_direct_address_wins(database: str, tmp_path: Path) -> None:
    folder = write(tmp_path, _1_item=ITEMS)
    nowhere = "postgresql://u:hunter2@127.0.0.1:1/x"
    assert run(nowhere, "sql", folder, DATABASE_DIRECT_URL=database)[0] == 0
    assert names(database) == ["one"]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg2"])
def test_spellings_of_a_url(scheme: str) -> None:
    target = read_target({"DATABASE_URL": f"{scheme}://a%40b:p%2Fw@host.example:6432/my%20shop?sslmode=disable"})
    assert target == Target("a@b", "p/w", "host.example", 6432, "my shop", ssl_context=False)
    assert "p/w" not in repr(target)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [("", None), ("?sslmode=prefer", None), ("?sslmode=require", True), ("?ssl=require", True), ("?ssl=false", False)],
)
def test_encryption(parameters: str, expected: object) -> None:
    assert read_target({"DATABASE_URL": f"postgresql://a:b@c/d{parameters}"}).ssl_context is expected


def test_encryption_with_a_look_at_the_certificate() -> None:
    full = read_target({"DATABASE_URL": "postgresql://a:b@c/d?sslmode=verify-full"}).ssl_context
    assert isinstance(full, ssl.SSLContext)
    assert (full.verify_mode, full.check_hostname) == (ssl.CERT_REQUIRED, True)
    authority = {"PGSSLROOTCERT": "/etc/ssl/certs/ca-certificates.crt"}
    some = read_target({"DATABASE_URL": "postgresql://a:b@c/d?sslmode=require", **authority}).ssl_context
    assert isinstance(some, ssl.SSLContext)
    assert (some.verify_mode, some.check_hostname) == (ssl.CERT_REQUIRED, False)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "DATABASE_URL is not set"),
        ("mysql://a:hunter2@b/c", "DATABASE_URL must name a user, a host and a database"),
        ("postgresql://a:hunter2@b", "DATABASE_URL must name a user, a host and a database"),
        ("postgresql://a:hunter2@b:x/c", "the port in DATABASE_URL is no number"),
        ("postgresql://a:hunter2@b/c?sslmode=yes", 'sslmode "yes" is not one of'),
        ("postgresql://a:hunter2@b/c?sslmode=verify-ca&sslrootcert=/nothing", '"/nothing" cannot be read'),
    ],
)
def test_a_url_that_cannot_be(url: str, words: str) -> None:
    with pytest.raises(MigrationError, match=words) as caught:
        read_target({"DATABASE_URL": url})
    assert "hunter2" not in str(caught.value)


def test_a_server_without_encryption_is_told_at_once(database: str) -> None:
    with pytest.raises(MigrationError, match="does not encrypt"):
        connect_when_up(read_target({"DATABASE_URL": f"{database}?sslmode=require"}))


def test_gives_up_with_one_clear_message() -> None:
    target = read_target({"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/shop"})
    with pytest.raises(MigrationError, match=r"at 127\.0\.0\.1:1/shop did not answer for 1 s \(.*refused\)") as caught:
        connect_when_up(target, wait_seconds=1)
    assert "hunter2" not in str(caught.value)


def test_a_login_that_stays_refused(database: str) -> None:
    nobody = replace(read_target({"DATABASE_URL": database}), user="nobody", password="wrong")
    with pytest.raises(MigrationError, match="refused the login for 1 s"):
        connect_when_up(nobody, login_wait_seconds=1)


def test_waits_for_a_database_that_comes_up(database: str, tmp_path: Path) -> None:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
        process = start(f"postgresql://u:p@127.0.0.1:{port}/x", "sql", write(tmp_path, _1_item=ITEMS))
        assert process.stdout is not None
        assert "waiting for the database" in process.stdout.readline()
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=5)
        assert process.returncode == 143


def test_a_signal_ends_the_command_too(database: str, tmp_path: Path) -> None:
    program = "import pathlib, time; pathlib.Path('up').touch(); time.sleep(60)"
    process = start(database, "command", str(tmp_path), "python", "-c", program)
    end = time.monotonic() + 10
    while not (tmp_path / "up").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=5)
    assert process.returncode == 143
    connection = connect(database)
    try:
        assert connection.run(f"SELECT pg_try_advisory_lock({migrate.LOCK})") == [[True]]
    finally:
        connection.close()
