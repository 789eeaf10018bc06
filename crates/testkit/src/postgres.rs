//! A private PostgreSQL for the tests of one process: made when the first test asks, gone when the process is, however it
//! ends.
//!
//! Three things end with the process that runs the tests. The kernel sends the server a signal (`setpriv --pdeathsig`);
//! then the last writing end of a pipe is closed, which both had; and `xargs`, which waited at the other end for its
//! list to be complete, removes the folder. What even that leaves behind, the next run sweeps up.

use std::fs::{self, Permissions};
use std::io::{self, PipeWriter, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, mpsc};
use std::time::{Duration, Instant};
use std::{env, process, thread};

const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";
/// The folders' names, before the id of the process they belong to.
const PREFIX: &str = "slipway-postgres-";
/// The server refuses to run as root; Debian's package has this user for it.
const USER: &str = "postgres";

static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| Cluster::start().expect("PostgreSQL 15 starts"));

/// Makes an empty database that nobody else uses, and returns its address.
///
/// # Panics
/// When PostgreSQL 15 is not installed or does not start.
pub fn new_database() -> String {
    let name = format!("test_{}", CLUSTER.made.fetch_add(1, Ordering::Relaxed));
    let folder = CLUSTER.folder.to_string_lossy();
    run(program("createdb").args(["--host", &folder, "--username", "slipway", &name])).expect("a database is made");
    format!("postgres://slipway@localhost/{name}?host={folder}")
}

/// The folder of this process's cluster; it exists while the cluster does.
pub fn folder() -> &'static Path {
    &CLUSTER.folder
}

struct Cluster {
    folder: PathBuf,
    made: AtomicU32,
}

impl Cluster {
    fn start() -> io::Result<Self> {
        sweep();
        let folder = env::temp_dir().join(format!("{PREFIX}{}", process::id()));
        let alive = remove_when_closed(&folder)?;
        make_folder(&folder)?;
        let initdb = ["--username=slipway", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "-D"];
        run(unprivileged("initdb").args(initdb).arg(folder.join("data")))?;
        wait_until_ready(&folder, serve(&folder, alive)?)?;
        Ok(Self { folder, made: AtomicU32::new(0) })
    }
}

/// Removes what processes left that are no more.
fn sweep() {
    for entry in fs::read_dir(env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        if owner.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            // Another process may be sweeping too.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Starts the process that removes the folder once every copy of the returned end is closed. It has a process group of its
/// own, so that Ctrl-C does not reach it.
fn remove_when_closed(folder: &Path) -> io::Result<PipeWriter> {
    let (reader, mut writer) = io::pipe()?;
    Command::new("xargs").args(["-d", "\\n", "rm", "-rf", "--"]).stdin(reader).process_group(0).spawn()?;
    writeln!(writer, "{}", folder.display())?;
    Ok(writer)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)?;
    fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    if !is_root()? {
        return Ok(());
    }
    let id = |option| -> io::Result<u32> {
        let output = run(Command::new("id").args([option, USER]))?;
        String::from_utf8_lossy(&output.stdout).trim().parse().map_err(io::Error::other)
    };
    chown(folder, Some(id("-u")?), Some(id("-g")?))
}

/// Starts the server from a thread that never ends: the signal is sent when the thread that started it is gone.
fn serve(folder: &Path, alive: PipeWriter) -> io::Result<Child> {
    let log = fs::File::create(folder.join("log"))?;
    let mut server = unprivileged("postgres");
    server.arg("-D").arg(folder.join("data"));
    server.arg("-c").arg(format!("unix_socket_directories={}", folder.display()));
    for setting in ["listen_addresses=", "max_connections=200", "fsync=off", "full_page_writes=off"] {
        server.args(["-c", setting]);
    }
    server.stdin(alive.try_clone()?).stdout(log.try_clone()?).stderr(log);
    let (started, outcome) = mpsc::channel();
    thread::spawn(move || {
        // It hears of the end through the open pipe, which this thread keeps with it.
        let _alive = alive;
        let _ = started.send(server.spawn());
        loop {
            thread::park();
        }
    });
    outcome.recv().map_err(io::Error::other)?
}

fn wait_until_ready(folder: &Path, mut server: Child) -> io::Result<()> {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let ready = program("pg_isready").args(["--quiet", "--host"]).arg(folder).status()?;
        if ready.success() {
            return Ok(());
        }
        if server.try_wait()?.is_some() || Instant::now() > deadline {
            return Err(io::Error::other(fs::read_to_string(folder.join("log")).unwrap_or_default()));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn program(name: &str) -> Command {
    Command::new(Path::new(PROGRAMS).join(name))
}

/// A server program under a user it accepts, which is told to quit when the thread that starts it ends.
fn unprivileged(name: &str) -> Command {
    let mut command = Command::new("setpriv");
    if is_root().unwrap_or(false) {
        command.args([format!("--reuid={USER}"), format!("--regid={USER}"), "--clear-groups".to_owned()]);
    }
    command.arg("--pdeathsig=QUIT").arg(Path::new(PROGRAMS).join(name)).current_dir("/");
    command
}

fn is_root() -> io::Result<bool> {
    Ok(fs::metadata("/proc/self")?.uid() == 0)
}

/// Runs a program to its end; what it wrote on stderr is the error.
fn run(command: &mut Command) -> io::Result<Output> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(output);
    }
    Err(io::Error::other(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))))
}
