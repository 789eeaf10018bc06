//! The sample does what its list at the top of `main.rs` says. Other tests build on that.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);

/// A running sample, ended with the test.
struct Sample {
    process: Child,
    address: SocketAddr,
    output: BufReader<ChildStdout>,
}

impl Drop for Sample {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a sample without waiting for it to listen.
fn start(modes: &[(&str, &str)]) -> Sample {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr()).expect("a port");
    let mut command = Command::new(env!("CARGO_BIN_EXE_slipway-sample"));
    command.env_clear().env("VERSION", "7.1").env("PORT", free.port().to_string()).envs(modes.iter().copied());
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the sample starts");
    let output = BufReader::new(process.stdout.take().expect("its output"));
    Sample { process, address: free, output }
}

fn listening(modes: &[(&str, &str)]) -> Sample {
    let mut sample = start(modes);
    sample.until("listens on port");
    sample
}

impl Sample {
    /// Reads its output until a line contains this.
    fn until(&mut self, words: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.output.read_line(&mut line).expect("its output can be read");
            assert!(read > 0, "it ended before it said {words:?}");
            if line.contains(words) {
                return line;
            }
        }
    }

    fn send(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a deadline");
        stream.write_all(request.as_bytes()).expect("it reads");
        stream
    }

    /// Head and body of the answer.
    fn ask(&self, request: &str) -> (String, Vec<u8>) {
        let mut answer = Vec::new();
        self.send(request).read_to_end(&mut answer).expect("an answer");
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end + 4..].to_vec())
    }

    fn get(&self, path: &str) -> (String, String) {
        let (head, body) = self.ask(&format!("GET {path} HTTP/1.0\r\n\r\n"));
        (head.lines().next().unwrap_or_default().to_owned(), String::from_utf8_lossy(&body).into_owned())
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.process.id().to_string()]).status();
        assert!(sent.expect("kill can be called").success());
    }

    /// The exit code, once it has ended.
    fn code(&mut self) -> Option<i32> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(status) = self.process.try_wait().expect("it can be asked") {
                assert_eq!(status.signal(), None, "it ends by itself");
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it did not end");
    }
}

#[test]
fn it_shows_its_version_to_people_and_to_programs() {
    let sample = listening(&[("VERSION", "<7>")]);
    let (status, page) = sample.get("/");
    assert_eq!(status, "HTTP/1.0 200 OK");
    assert!(page.contains("&lt;7&gt;") && !page.contains("<7>"), "{page}");
    let (_, json) = sample.ask("GET / HTTP/1.0\r\naccept: application/json\r\nx-asked-by: a test\r\n\r\n");
    let json = String::from_utf8(json).expect("text");
    assert!(json.contains(r#""version":"<7>""#) && json.contains(r#""x-asked-by":"a test""#), "{json}");
}

#[test]
fn it_echoes_any_method_with_its_body() {
    let (_, body) = listening(&[]).ask("PROPFIND /echo/a?b=c HTTP/1.0\r\ncontent-length: 5\r\n\r\nhello");
    let body = String::from_utf8(body).expect("text");
    for part in
        [r#""method":"PROPFIND""#, r#""path":"/echo/a""#, r#""query":"b=c""#, r#""length":5"#, r#""body":"hello""#]
    {
        assert!(body.contains(part), "{part} is not in {body}");
    }
}

#[test]
fn it_shows_variables_byte_for_byte_but_only_its_own() {
    let value = "a \"b\"\n$c \\ 'd' ü";
    let sample = listening(&[("SAMPLE_TEXT", value), ("SECRET", "x")]);
    assert_eq!(sample.get("/env?name=SAMPLE_TEXT").1, value);
    assert_eq!(sample.get("/env?name=SAMPLE_NONE").0, "HTTP/1.0 404 Not Found");
    assert_eq!(sample.get("/env?name=SECRET").0, "HTTP/1.0 403 Forbidden");
}

#[test]
fn it_can_answer_500_to_everything() {
    let sample = listening(&[("ANSWER_500", "1")]);
    assert_eq!(sample.get("/healthz").0, "HTTP/1.0 500 Internal Server Error");
    assert_eq!(sample.get("/").0, "HTTP/1.0 500 Internal Server Error");
    assert_eq!(listening(&[]).get("/status/418").0, "HTTP/1.0 418 I'm a teapot");
}

#[test]
fn it_crashes_as_asked() {
    assert_eq!(start(&[("CRASH_AT_START", "3")]).code(), Some(3));
    assert_eq!(start(&[("CRASH_AFTER_MS", "50")]).code(), Some(1));
    assert_eq!(start(&[("START_DELAY_MS", "soon")]).code(), Some(1), "a mode that cannot be read is no mode");
    let mut sample = listening(&[]);
    let _request = sample.send("GET /crash?code=9 HTTP/1.0\r\n\r\n");
    assert_eq!(sample.code(), Some(9));
}

#[test]
fn it_finishes_requests_and_streams_before_it_ends() {
    let mut sample = listening(&[]);
    let mut slow = sample.send("GET /slow?ms=500 HTTP/1.1\r\nhost: a\r\n\r\n");
    let mut events = BufReader::new(sample.send("GET /stream?ms=20 HTTP/1.1\r\nhost: a\r\n\r\n"));
    let mut line = String::new();
    while !line.starts_with("data: 1 ") {
        line.clear();
        assert!(events.read_line(&mut line).expect("events") > 0);
    }
    sample.until("GET /stream");
    sample.signal("TERM");
    sample.until("finishes the requests");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).expect("the answer");
    assert!(answer.ends_with("after 500 ms\n"), "{answer}");
    let mut rest = String::new();
    events.read_to_string(&mut rest).expect("the stream ends properly");
    assert!(rest.ends_with("0\r\n\r\n"), "its last chunk says so: {rest:?}");
    assert_eq!(sample.code(), Some(0));
}

#[test]
fn it_can_ignore_the_signal_or_obey_at_once() {
    let sample = listening(&[("IGNORE_SIGTERM", "1")]);
    sample.signal("TERM");
    assert_eq!(sample.get("/healthz").1, "ok\n");
    let mut sample = listening(&[("EXIT_ON_SIGTERM", "1")]);
    let mut slow = sample.send("GET /slow?ms=60000 HTTP/1.0\r\n\r\n");
    sample.signal("TERM");
    assert_eq!(sample.code(), Some(0));
    let mut answer = Vec::new();
    let _ = slow.read_to_end(&mut answer);
    assert_eq!(answer, b"", "the request was cut");
}

#[test]
fn it_obeys_the_signal_while_it_does_not_listen() {
    for mode in [("NEVER_LISTEN", "1"), ("START_DELAY_MS", "60000")] {
        let mut sample = start(&[mode]);
        sample.until("starts");
        sample.signal("TERM");
        assert_eq!(sample.code(), Some(0), "{mode:?}");
        assert!(TcpStream::connect(sample.address).is_err());
    }
}

#[test]
fn it_writes_as_many_lines_as_asked_for() {
    let mut sample = listening(&[("LOG_PER_SECOND", "200")]);
    for number in 1..=100 {
        assert_eq!(sample.until("tick"), format!("tick {number}\n"));
    }
    sample.get("/log?lines=3&bytes=30&name=long");
    assert_eq!(sample.until("long 3"), format!("long 3 {}\n", "x".repeat(23)));
}

#[test]
fn it_speaks_websocket() {
    let sample = listening(&[]);
    let mut socket = sample.send(
        "GET /ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte).expect("a head");
        head.push(byte[0]);
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
    // A text frame with the mask 0, and the same without a mask.
    socket.write_all(b"\x81\x85\0\0\0\0hello").expect("it reads");
    let mut answer = [0; 7];
    socket.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"\x81\x05hello");
    // Told to stop, it says goodbye: a close frame with the code 1001.
    sample.signal("TERM");
    let mut goodbye = [0; 4];
    socket.read_exact(&mut goodbye).expect("a goodbye");
    assert_eq!((goodbye[0], &goodbye[2..]), (0x88, 1001_u16.to_be_bytes().as_slice()));
}
