//! What visitors see when no app answers: small, whole in one file, without script.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use pingora::http::ResponseHeader;

/// Names the style by its hash, so that nothing else on the page may style it.
const POLICY: &str = "default-src 'none'; style-src 'sha256-IWPDCV/ZTqm2UTF4dnX0H8BAbwpvkthb/DH8NqQdon0='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = ":root{color-scheme:light dark;font:17px/1.5 system-ui,sans-serif}\
body{margin:0;min-height:100vh;display:grid;place-content:center;padding:1.5rem;box-sizing:border-box}\
main{max-width:34rem}h1{font-size:1.35rem;margin:0 0 .4rem}p{margin:0;opacity:.75}\
small{display:block;margin-top:1.5rem;opacity:.55}";

/// An answer of the ingress's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub status: StatusCode,
    /// One word for programs.
    pub error: &'static str,
    pub title: &'static str,
    /// What it means and what to do, for people and programs.
    pub message: &'static str,
    /// After how many seconds it is worth another try.
    pub retry_after: Option<&'static str>,
}

/// Where a page leads on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What programs find it by.
    pub name: &'static str,
    /// What it is called.
    pub word: &'static str,
    pub href: String,
}

/// No route leads to this host.
pub const UNKNOWN_HOST: Page = Page {
    status: StatusCode::NOT_FOUND,
    error: "unknown_host",
    title: "There is no app at this address",
    message: "Check the spelling. If the app is new, it is here as soon as its first deploy is done.",
    retry_after: None,
};

/// Somebody would have to sign in, and everybody on the way could read along.
pub const NEEDS_HTTPS: Page = Page {
    status: StatusCode::FORBIDDEN,
    error: "needs_https",
    title: "This address cannot be opened safely yet",
    message: "One has to sign in here, which takes HTTPS, and there is no certificate for this address yet. Open the app at its \
              other address, or try again later.",
    retry_after: None,
};

/// Nothing of the gate's own is at this path.
pub const UNKNOWN_PATH: Page = Page {
    status: StatusCode::NOT_FOUND,
    error: "unknown_path",
    title: "There is nothing at this address",
    message: "Paths that begin with /.slipway/ are the platform's own. Open the app's address itself.",
    retry_after: None,
};

/// The server is away.
pub const NO_CONSOLE: Page = Page {
    status: StatusCode::SERVICE_UNAVAILABLE,
    error: "console_away",
    title: "The console is not running",
    message: "Apps keep serving. Whoever runs this platform can start it again.",
    retry_after: Some("5"),
};

/// No endpoint of the app answered in time.
pub const NO_ANSWER: Page = Page {
    status: StatusCode::SERVICE_UNAVAILABLE,
    error: "app_silent",
    title: "This app does not answer",
    message: "It may be starting. Try again in a moment.",
    retry_after: Some("5"),
};

/// Somebody stopped the app. Nobody knows when it will be worth another try.
pub const STOPPED: Page = Page {
    status: StatusCode::SERVICE_UNAVAILABLE,
    error: "app_stopped",
    title: "This app is stopped",
    message: "Whoever runs it stopped it. It is back at this address when they start it again.",
    retry_after: None,
};

/// The app took the request and broke off.
pub const BROKE_OFF: Page = Page {
    status: StatusCode::BAD_GATEWAY,
    error: "app_broke_off",
    title: "This app broke off",
    message: "It took the request and closed the connection without a whole answer. What it had begun may or may not be done.",
    retry_after: None,
};

/// The app took the request and stayed silent.
pub const TOO_SLOW: Page = Page {
    status: StatusCode::GATEWAY_TIMEOUT,
    error: "app_too_slow",
    title: "This app took too long",
    message: "It took the request and has not answered it. What it had begun may or may not be done.",
    retry_after: None,
};

impl Page {
    /// Its header and body, in the form that the visitor prefers.
    pub fn written_for(&self, visitor: &HeaderMap) -> pingora::Result<(ResponseHeader, Bytes)> {
        self.written(prefers_json(visitor), None)
    }

    /// The same in one form or the other, with a way on.
    pub fn written(&self, json: bool, link: Option<Link>) -> pingora::Result<(ResponseHeader, Bytes)> {
        let body = if json { self.json(link) } else { self.html(link) };
        let mut head = ResponseHeader::build(self.status, Some(8))?;
        let kind = if json { "application/json" } else { "text/html; charset=utf-8" };
        head.insert_header(header::CONTENT_TYPE, kind)?;
        head.insert_header(header::CONTENT_LENGTH, body.len())?;
        head.insert_header(header::CACHE_CONTROL, "no-store")?;
        head.insert_header(header::VARY, "Accept")?;
        head.insert_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")?;
        if !json {
            head.insert_header(header::CONTENT_SECURITY_POLICY, POLICY)?;
        }
        if let Some(seconds) = self.retry_after {
            head.insert_header(header::RETRY_AFTER, seconds)?;
        }
        Ok((head, body.into()))
    }

    fn html(&self, link: Option<Link>) -> String {
        let Self { status, title, message, .. } = self;
        // Of host names and paths of our own: nothing in it needs escaping.
        let link =
            link.map(|Link { word, href, .. }| format!("<p><a href=\"{href}\">{word}</a></p>")).unwrap_or_default();
        format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style><main><h1>{title}</h1>\
             <p>{message}</p>{link}<small>{} · Slipway</small></main></html>\n",
            status.as_u16()
        )
    }

    fn json(&self, link: Option<Link>) -> String {
        let Self { status, error, message, .. } = self;
        let mut json = serde_json::json!({ "status": status.as_u16(), "error": error, "message": message });
        if let Some(Link { name, href, .. }) = link {
            json[name] = href.into();
        }
        json.to_string()
    }
}

/// Whether `Accept` gives JSON a higher quality than HTML. Who does not care gets the page.
fn prefers_json(visitor: &HeaderMap) -> bool {
    let accept: Vec<_> = visitor.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = accept.join(",");
    quality(&accept, &["application/json"]) > quality(&accept, &["text/html", "application/xhtml+xml"])
}

/// The best quality that a list of media ranges gives to one of these types, in thousandths.
fn quality(accept: &str, types: &[&str]) -> u32 {
    let of_range = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next()?;
        let wanted = types.iter().any(|wanted| media.eq_ignore_ascii_case(wanted));
        let q = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
        wanted.then_some((q.clamp(0.0, 1.0) * 1000.0) as u32)
    };
    accept.split(',').filter_map(of_range).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, prelude::BASE64_STANDARD};
    use sha2::{Digest, Sha256};

    fn accepting(accept: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, accept.parse().expect("a header"))])
    }

    #[test]
    fn the_policy_allows_exactly_the_style_of_the_pages() {
        let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE));
        assert!(POLICY.contains(&format!("'sha256-{hash}'")), "the style's hash is {hash}");
    }

    #[test]
    fn programs_that_ask_for_json_get_json_and_browsers_get_a_page() {
        for json in ["application/json", "application/json, */*", "text/html;q=0.5, application/json;q=0.9"] {
            assert!(prefers_json(&accepting(json)), "{json}");
        }
        for page in [
            "*/*",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "",
            "text/html, application/json",
        ] {
            assert!(!prefers_json(&accepting(page)), "{page}");
        }
    }

    #[test]
    fn a_page_says_what_it_is_in_both_forms() {
        let (head, body) = NO_ANSWER.written_for(&accepting("text/html")).expect("written");
        assert_eq!(
            (head.status, head.headers[header::RETRY_AFTER].as_bytes()),
            (StatusCode::SERVICE_UNAVAILABLE, &b"5"[..])
        );
        assert!(String::from_utf8_lossy(&body).contains("<h1>This app does not answer</h1>"));
        let (_, body) = UNKNOWN_HOST.written_for(&accepting("application/json")).expect("written");
        let json: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!((json["status"].as_u64(), json["error"].as_str()), (Some(404), Some("unknown_host")));
    }
}
