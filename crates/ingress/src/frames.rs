//! Follows what an app answers closely enough to know where a stream can be ended politely.

/// Where an answer stands.
#[derive(Debug)]
pub enum Script {
    /// Within the head.
    Head(Vec<u8>),
    /// A WebSocket, frame by frame (RFC 6455, section 5.2).
    Frames(Frames),
    /// An event stream in chunks (RFC 9112, section 7.1).
    Chunks(Chunks),
    /// An event stream that ends with the connection.
    UntilClose,
    /// Nothing that may be ended early, or nothing we understand.
    Opaque,
}

/// A head beyond this is none.
const LARGEST_HEAD: usize = 64 * 1024;
/// “Going away” (RFC 6455, section 7.4.1).
const GOING_AWAY: u16 = 1001;
const REASON: &str = "Moving on. Connect again.";

impl Script {
    pub const fn new() -> Self {
        Self::Head(Vec::new())
    }

    /// What can be said now to end the stream; `None` when now is not the time.
    pub fn farewell(&self) -> Option<Vec<u8>> {
        match self {
            Self::Frames(frames) if frames.at_boundary() => {
                #[expect(clippy::cast_possible_truncation, reason = "control frames are shorter than 126 bytes")]
                let mut frame = vec![0x88, 2 + REASON.len() as u8];
                frame.extend(GOING_AWAY.to_be_bytes());
                frame.extend(REASON.as_bytes());
                Some(frame)
            }
            Self::Chunks(chunks) if chunks.at_boundary() => Some(b"0\r\n\r\n".to_vec()),
            Self::UntilClose => Some(Vec::new()),
            _ => None,
        }
    }

    /// Follows what the app said, at most to the first place where it can be ended if `stop`. Says how far it came.
    pub fn follow(&mut self, said: &[u8], stop: bool) -> usize {
        let mut at = 0;
        while at < said.len() && !(stop && at > 0 && self.farewell().is_some()) {
            at += match self {
                Self::Head(head) => {
                    let before = head.len();
                    head.extend_from_slice(&said[at..]);
                    let (next, used) = after_head(std::mem::take(head), before);
                    *self = next;
                    used
                }
                Self::Frames(frames) => frames.step(&said[at..]),
                Self::Chunks(chunks) => chunks.step(&said[at..]).unwrap_or_else(|| {
                    *self = Self::Opaque;
                    1
                }),
                Self::UntilClose | Self::Opaque => said.len() - at,
            };
        }
        at
    }
}

/// What follows these bytes, and how many of those beyond `before` belong to the head.
fn after_head(head: Vec<u8>, before: usize) -> (Script, usize) {
    let mut headers = [httparse::EMPTY_HEADER; 128];
    let mut answer = httparse::Response::new(&mut headers);
    let added = head.len() - before;
    match answer.parse(&head) {
        Ok(httparse::Status::Complete(length)) => (body_of(&answer), length - before),
        Ok(httparse::Status::Partial) if head.len() < LARGEST_HEAD => (Script::Head(head), added),
        _ => (Script::Opaque, added),
    }
}

fn body_of(answer: &httparse::Response<'_, '_>) -> Script {
    let says = |name: &str, word: &str| {
        let value = answer.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        value.is_some_and(|header| String::from_utf8_lossy(header.value).to_ascii_lowercase().contains(word))
    };
    match answer.code {
        Some(101) => Script::Frames(Frames::default()),
        Some(100..=199) => Script::new(),
        _ if !says("content-type", "text/event-stream") || says("content-length", "") => Script::Opaque,
        _ if says("transfer-encoding", "chunked") => Script::Chunks(Chunks::default()),
        _ => Script::UntilClose,
    }
}

/// Frames of a WebSocket.
#[derive(Debug, Default)]
pub struct Frames {
    header: Vec<u8>,
    payload_left: u64,
}

impl Frames {
    fn at_boundary(&self) -> bool {
        self.header.is_empty() && self.payload_left == 0
    }

    fn step(&mut self, said: &[u8]) -> usize {
        if self.payload_left > 0 {
            let used = usize::try_from(self.payload_left).unwrap_or(usize::MAX).min(said.len());
            self.payload_left -= used as u64;
            return used;
        }
        self.header.push(said[0]);
        if let Some(length) = payload_length(&self.header) {
            self.payload_left = length;
            self.header.clear();
        }
        1
    }
}

/// The payload's length, once the header is complete.
fn payload_length(header: &[u8]) -> Option<u64> {
    let second = *header.get(1)?;
    let extended = match second & 0x7f {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let length = header.get(2..2 + extended)?.iter().fold(0, |length, byte| length << 8 | u64::from(*byte));
    (header.len() == 2 + extended + mask).then_some(if extended == 0 { u64::from(second & 0x7f) } else { length })
}

/// Chunks of a body.
#[derive(Debug, Default)]
pub struct Chunks {
    /// What was read of the line that gives the next chunk's size.
    size_line: Vec<u8>,
    /// Of the chunk under way, its line end included.
    left: u64,
}

impl Chunks {
    fn at_boundary(&self) -> bool {
        self.size_line.is_empty() && self.left == 0
    }

    /// `None` at the last chunk, after which the answer ends by itself, and when these are no chunks.
    fn step(&mut self, said: &[u8]) -> Option<usize> {
        if self.left > 0 {
            let used = usize::try_from(self.left).unwrap_or(usize::MAX).min(said.len());
            self.left -= used as u64;
            return Some(used);
        }
        if said[0] != b'\n' {
            self.size_line.push(said[0]);
            return (self.size_line.len() < 1024).then_some(1);
        }
        let line = String::from_utf8_lossy(&self.size_line);
        let size = u64::from_str_radix(line.split(';').next()?.trim(), 16).ok().filter(|size| *size > 0)?;
        self.left = size.checked_add(2)?;
        self.size_line.clear();
        Some(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UPGRADED: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
    const EVENTS: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    /// Where an answer that comes byte by byte could be ended.
    fn boundaries(head: &[u8], body: &[u8]) -> Vec<usize> {
        let mut script = Script::new();
        script.follow(head, false);
        let mut found = Vec::new();
        for (at, byte) in body.iter().enumerate() {
            if script.farewell().is_some() {
                found.push(at);
            }
            script.follow(&[*byte], false);
        }
        if script.farewell().is_some() {
            found.push(body.len());
        }
        found
    }

    #[test]
    fn a_websocket_can_be_ended_between_frames_only() {
        let mut frames = vec![0x81, 2, b'h', b'i'];
        frames.extend([0x82, 126, 0, 200]);
        frames.extend([0; 200]);
        frames.extend([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
        frames.extend(vec![0; 65536]);
        frames.extend([0x89, 0]);
        assert_eq!(boundaries(UPGRADED, &frames), [0, 4, 208, 65754, 65756]);
    }

    #[test]
    fn an_event_stream_can_be_ended_between_chunks_only() {
        assert_eq!(boundaries(EVENTS, b"5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"), [0, 10, 29]);
    }

    #[test]
    fn what_is_said_beyond_the_first_boundary_is_left_out_when_it_shall_end() {
        let mut script = Script::new();
        script.follow(EVENTS, false);
        assert_eq!(script.follow(b"5\r\nhe", true), 5);
        assert_eq!(script.follow(b"llo\r\n5\r\nworld\r\n", true), 5);
        assert_eq!(script.farewell().expect("between chunks"), b"0\r\n\r\n");
    }

    #[test]
    fn a_head_may_come_in_pieces_and_after_an_interim_one() {
        let mut script = Script::new();
        script.follow(b"HTTP/1.1 100 Continue\r\n\r\n", false);
        for byte in UPGRADED {
            assert!(script.farewell().is_none());
            script.follow(&[*byte], false);
        }
        assert_eq!(&script.farewell().expect("no frame under way")[..4], [0x88, 27, 0x03, 0xE9]);
    }

    #[test]
    fn an_ordinary_answer_is_never_cut_short() {
        for head in [
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 10\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n",
            "no HTTP\r\n\r\n",
        ] {
            let mut script = Script::new();
            assert_eq!(script.follow(head.as_bytes(), true), head.len());
            assert!(script.farewell().is_none(), "{head}");
        }
    }
}
