"""The words that uvicorn is started with."""

from start import words

SETTINGS = {"module": "app.main:app", "factory": False, "port": 8000}


def test_the_usual_ones() -> None:
    assert words(SETTINGS, {}, "0.54.0") == [
        "app.main:app",
        "--host",
        "0.0.0.0",
        "--port",
        "8000",
        "--proxy-headers",
        "--forwarded-allow-ips",
        "*",
        "--timeout-graceful-shutdown",
        "20",
    ]


def test_the_environment_wins() -> None:
    given = words(SETTINGS, {"PORT": "9000", "FORWARDED_ALLOW_IPS": "10.0.0.1"}, "1.0.0")
    assert given[4] == "9000"
    assert given[7] == "10.0.0.1"


def test_a_factory_and_an_old_uvicorn() -> None:
    assert words({**SETTINGS, "factory": True}, {}, "0.22.0")[-2:] == ["20", "--factory"]
    assert "--timeout-graceful-shutdown" not in words(SETTINGS, {}, "0.21.1")
