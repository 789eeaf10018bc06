//! What the gate says to visitors whom it does not let through, and how it takes them in who come back from signing in.

use super::{Gate, Ruling, cookies, redeem::redeem};
use crate::config::Config;
use crate::pages::{self, Link, Page};
use crate::table::Route;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use domain::gate::CodeShown;
use http::{Method, StatusCode, header};
use pingora::http::{RequestHeader, ResponseHeader};
use sha2::{Digest, Sha256};

/// Head and body.
pub type Answer = (ResponseHeader, Bytes);

/// Where the gate itself answers, on every app's host.
pub const OWN_PATHS: &[u8] = b"/.slipway/";

/// How long somebody may take to sign in, in seconds.
const SIGN_IN_SECONDS: i64 = 15 * 60;

const SIGN_IN_NEEDED: Page = Page {
    status: StatusCode::UNAUTHORIZED,
    error: "sign_in_needed",
    title: "You are not signed in",
    message: "This app is only for people who have signed in. Open its address in a browser to do that, then try again.",
    retry_after: None,
};

const FORM_NOT_SENT: Page = Page {
    status: StatusCode::UNAUTHORIZED,
    error: "form_not_sent",
    title: "Your form was not sent",
    message: "You are not signed in any more, so it was kept from the app. Open the app in another tab and sign in there; then \
              come back here, go back one page, and send the form again.",
    retry_after: None,
};

const NOT_LISTED: Page = Page {
    status: StatusCode::FORBIDDEN,
    error: "not_listed",
    title: "This app is not open to you",
    message: "You are signed in, and not on the list of people who may open it.",
    retry_after: None,
};

const CODE_REFUSED: Page = Page {
    status: StatusCode::BAD_REQUEST,
    error: "sign_in_refused",
    title: "This sign-in cannot be used",
    message: "It was used before, is too old, or was begun in another browser. Open the app again.",
    retry_after: None,
};

/// How a request asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Somebody goes to a page.
    Page,
    /// Somebody sends a form.
    Form,
    /// A script, a program, a WebSocket: a redirect would only confuse it.
    Program,
}

impl Asked {
    /// Browsers say it; what says nothing is judged by what it accepts.
    pub fn by(request: &RequestHeader) -> Self {
        let value = |name: &str| request.headers.get(name).map(http::HeaderValue::as_bytes);
        let accepts_html = || value("accept").is_some_and(|accept| accept.windows(9).any(|part| part == b"text/html"));
        let goes = match value("sec-fetch-mode") {
            Some(mode) => mode == b"navigate",
            None => accepts_html() && !request.headers.contains_key("upgrade"),
        };
        match (goes, &request.method) {
            (false, _) => Self::Program,
            (true, &Method::GET | &Method::HEAD) => Self::Page,
            (true, _) => Self::Form,
        }
    }
}

/// What a visitor gets who is not let through.
pub fn refuse(gate: &Gate, route: &Route, ruling: &Ruling, request: &RequestHeader) -> pingora::Result<Answer> {
    let app = gate.address_of(route);
    let link = |name, word, href| Link { name, word, href };
    match (ruling, Asked::by(request)) {
        _ if gate.console.is_empty() || gate.keys.is_empty() => pages::NO_CONSOLE.written_for(&request.headers),
        (Ruling::NotListed, Asked::Page) => {
            redirect(&format!("{}/gate/closed?app={}", gate.console, escaped(route.host.as_str().as_bytes())), &[])
        }
        (Ruling::NotListed, asked) => NOT_LISTED.written(asked == Asked::Program, None),
        (_, Asked::Page) => begin(gate, route, request),
        (_, Asked::Form) => FORM_NOT_SENT.written(false, Some(link("sign_in", "Sign in", app))),
        (_, Asked::Program) => {
            let (mut head, body) = SIGN_IN_NEEDED.written(true, Some(link("sign_in", "Sign in", app)))?;
            head.insert_header(header::WWW_AUTHENTICATE, format!("Slipway realm=\"{}\"", route.host))?;
            Ok((head, body))
        }
    }
}

/// Sends a browser to the console. What it is given here it has to hold when it comes back, so that nobody is signed in by a link
/// that was made for another.
fn begin(gate: &Gate, route: &Route, request: &RequestHeader) -> pingora::Result<Answer> {
    let name = gate.nonce_cookie();
    // Several tabs share it.
    let nonce = match cookies::named(&request.headers, name).find(|nonce| is_nonce(nonce)) {
        Some(nonce) => String::from_utf8_lossy(nonce).into_owned(),
        None => fresh_nonce(),
    };
    let to = format!(
        "{}/gate?app={}&path={}&nonce={}",
        gate.console,
        escaped(route.host.as_str().as_bytes()),
        escaped(request.raw_path()),
        hash(nonce.as_bytes())
    );
    redirect(&to, &[cookies::set(name, &nonce, SIGN_IN_SECONDS, gate.is_secure())])
}

/// What stands at the gate's own paths, which no app ever gets.
pub async fn own(gate: &Gate, route: &Route, config: &Config, request: &RequestHeader) -> pingora::Result<Answer> {
    match path_of(request).strip_prefix(OWN_PATHS) {
        Some(b"sign-in") => sign_in(gate, route, config, request).await,
        _ => pages::UNKNOWN_PATH.written_for(&request.headers),
    }
}

/// Takes in a browser that comes back with a code. The server says what it stands for, and the answer goes to where the browser first
/// wanted to go, on this host.
async fn sign_in(gate: &Gate, route: &Route, config: &Config, request: &RequestHeader) -> pingora::Result<Answer> {
    let app = gate.address_of(route);
    let again = || CODE_REFUSED.written(false, Some(Link { name: "app", word: "Open the app", href: app.clone() }));
    let nonce = cookies::named(&request.headers, gate.nonce_cookie()).find(|nonce| is_nonce(nonce));
    let query = request.uri.query().unwrap_or_default();
    let code = query.split('&').find_map(|pair| pair.strip_prefix("code=")).filter(|code| is_nonce(code.as_bytes()));
    let (Some(nonce), Some(code), &Method::GET) = (nonce, code, &request.method) else { return again() };
    let shown = CodeShown { code: code.to_owned(), host: route.host.clone(), nonce: hash(nonce) };
    let admission = match redeem(&config.gate_socket(), &shown).await {
        Ok(Some(admission)) => admission,
        Ok(None) => return again(),
        Err(error) => {
            tracing::warn!(%error, "the server could not be asked about a sign-in");
            return pages::NO_CONSOLE.written_for(&request.headers);
        }
    };
    let (pass, now) = (&admission.pass, (config.now)());
    let seconds = pass.expires_at.millis_since(now) / 1000;
    let sealed = gate.keys.first().filter(|_| gate.is_good(route, pass, now)).and_then(|keys| keys.pass.seal(pass));
    let (Some(cookie), true) = (sealed, admission.path.starts_with('/')) else { return again() };
    redirect(
        &format!("{app}{}", admission.path),
        &[cookies::set(gate.pass_cookie(), &cookie, seconds, gate.is_secure())],
    )
}

impl Gate {
    /// An app's address, without a path: as the console's, with the host in its place.
    fn address_of(&self, route: &Route) -> String {
        let (scheme, rest) = self.console.split_once("://").unwrap_or(("http", ""));
        let port = rest.rsplit_once(':').map(|(_, port)| format!(":{port}")).unwrap_or_default();
        format!("{scheme}://{}{port}", route.host)
    }
}

fn redirect(to: &str, cookies: &[String]) -> pingora::Result<Answer> {
    let mut head = ResponseHeader::build(StatusCode::FOUND, Some(6))?;
    head.insert_header(header::LOCATION, to)?;
    head.insert_header(header::CONTENT_LENGTH, 0)?;
    head.insert_header(header::CACHE_CONTROL, "no-store")?;
    head.insert_header(header::REFERRER_POLICY, "no-referrer")?;
    for cookie in cookies {
        head.append_header(header::SET_COOKIE, cookie.as_str())?;
    }
    Ok((head, Bytes::new()))
}

fn is_nonce(text: &[u8]) -> bool {
    (32..=64).contains(&text.len()) && text.iter().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(b))
}

#[expect(clippy::disallowed_methods, reason = "the ingress's one source of randomness; nothing else here is secret")]
fn fresh_nonce() -> String {
    let bytes: [u8; 32] = rand::Rng::random(&mut rand::rng());
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn hash(text: &[u8]) -> String {
    format!("{:x}", Sha256::digest(text))
}

/// As a value in a query.
fn escaped(text: &[u8]) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    text.iter().map(|byte| if keep(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The path of a request as it was sent, without its query.
pub fn path_of(request: &RequestHeader) -> &[u8] {
    request.raw_path().split(|b| *b == b'?').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &str, headers: &[(&'static str, &str)]) -> Asked {
        let mut request = RequestHeader::build(method, b"/", None).expect("a request");
        for (name, value) in headers {
            request.append_header(*name, *value).expect("a header");
        }
        Asked::by(&request)
    }

    #[test]
    fn only_who_goes_to_a_page_is_sent_to_sign_in() {
        let html = ("accept", "text/html,application/xhtml+xml");
        assert_eq!(asked("GET", &[html]), Asked::Page);
        assert_eq!(asked("HEAD", &[html]), Asked::Page);
        assert_eq!(asked("GET", &[("sec-fetch-mode", "navigate")]), Asked::Page);
        assert_eq!(asked("GET", &[html, ("sec-fetch-mode", "cors")]), Asked::Program);
        assert_eq!(asked("GET", &[("accept", "*/*")]), Asked::Program);
        assert_eq!(asked("GET", &[]), Asked::Program);
        assert_eq!(asked("GET", &[html, ("upgrade", "websocket")]), Asked::Program);
        assert_eq!(asked("GET", &[html, ("sec-fetch-mode", "websocket")]), Asked::Program);
        assert_eq!(asked("POST", &[html, ("sec-fetch-mode", "navigate")]), Asked::Form);
        assert_eq!(asked("POST", &[("accept", "application/json")]), Asked::Program);
    }
}
