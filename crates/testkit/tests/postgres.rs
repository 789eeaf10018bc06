//! The private PostgreSQL, watched from outside.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

#[test]
fn nothing_is_left_of_the_cluster_when_its_process_is_killed() {
    let program = env::current_exe().expect("this program has a path");
    let mut tests = Command::new(program)
        .args(["--ignored", "--exact", "a_process_that_waits", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(tests.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
    let folder: PathBuf =
        lines.find_map(|line| line.strip_prefix("folder ").map(PathBuf::from)).expect("it names its folder");
    let server = fs::read_to_string(folder.join("data/postmaster.pid")).expect("the server runs");
    let server = PathBuf::from("/proc").join(server.lines().next().expect("its id is on the first line"));
    assert!(server.exists());

    tests.kill().expect("it is killed");
    tests.wait().expect("it is gone");

    let deadline = Instant::now() + Duration::from_secs(30);
    while folder.exists() || server.exists() {
        assert!(Instant::now() < deadline, "{} or {} is still there", folder.display(), server.display());
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
#[ignore = "the other test starts it and ends it"]
fn a_process_that_waits() {
    testkit::postgres::new_database();
    println!("\nfolder {}", testkit::postgres::folder().display());
    // Ends at once where nobody holds the other end.
    std::io::stdin().read_line(&mut String::new()).expect("it can be read");
}
