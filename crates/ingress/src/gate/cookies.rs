//! Cookies of the gate: found, set, and kept from apps.

use http::{HeaderMap, HeaderValue, header};
use pingora::http::RequestHeader;

/// All names, with HTTPS and without.
const OURS: [&[u8]; 4] = [b"slipway-gate", b"slipway-gate-nonce", b"__Host-slipway-gate", b"__Host-slipway-gate-nonce"];

/// The values of the cookies of this name.
pub fn named<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    let all = headers.get_all(header::COOKIE).iter().flat_map(|value| value.as_bytes().split(|b| *b == b';'));
    all.filter_map(move |cookie| {
        let cookie = cookie.trim_ascii();
        cookie.strip_prefix(name.as_bytes())?.strip_prefix(b"=")
    })
}

/// Takes the gate's own cookies out of what an app gets, whatever the app.
pub fn strip(request: &mut RequestHeader) -> pingora::Result<()> {
    let has_ours = |value: &HeaderValue| value.as_bytes().split(|b| *b == b';').any(is_ours);
    if !request.headers.get_all(header::COOKIE).iter().any(has_ours) {
        return Ok(());
    }
    let kept: Vec<Vec<u8>> = request.headers.get_all(header::COOKIE).iter().map(without_ours).collect();
    request.remove_header(&header::COOKIE);
    for cookies in kept.into_iter().filter(|cookies| !cookies.is_empty()) {
        request.append_header(header::COOKIE, cookies)?;
    }
    Ok(())
}

fn without_ours(value: &HeaderValue) -> Vec<u8> {
    let cookies = value.as_bytes().split(|b| *b == b';').map(<[u8]>::trim_ascii);
    cookies.filter(|cookie| !is_ours(cookie)).collect::<Vec<_>>().join(&b"; "[..])
}

fn is_ours(cookie: &[u8]) -> bool {
    let name = cookie.split(|b| *b == b'=').next().unwrap_or_default();
    OURS.contains(&name.trim_ascii())
}

/// A cookie of this host alone, that no script reads.
pub fn set(name: &str, value: &str, seconds: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(cookies: &[&'static str]) -> Vec<String> {
        let mut request = RequestHeader::build("GET", b"/", None).expect("a request");
        for cookie in cookies {
            request.append_header("Cookie", *cookie).expect("a header");
        }
        strip(&mut request).expect("stripped");
        let left = request.headers.get_all("cookie").iter();
        left.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
    }

    #[test]
    fn an_app_gets_its_own_cookies_and_none_of_the_gates() {
        assert_eq!(stripped(&["a=1; slipway-gate=x; b=2"]), ["a=1; b=2"]);
        assert_eq!(stripped(&["slipway-gate=x", "__Host-slipway-gate-nonce=y;c=3"]), ["c=3"]);
        assert_eq!(stripped(&["slipway-gate=x; slipway-gate=y;  slipway-gate = z"]), [""; 0]);
        assert_eq!(stripped(&["my-slipway-gate=1; slipway-gate2=2"]), ["my-slipway-gate=1; slipway-gate2=2"]);
        assert_eq!(stripped(&["a=\"1; b=ä\""]), ["a=\"1; b=ä\""]);
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let headers = HeaderMap::from_iter([(
            header::COOKIE,
            HeaderValue::from_static("xslipway-gate=1; slipway-gate=2;slipway-gate-nonce=3"),
        )]);
        assert_eq!(named(&headers, "slipway-gate").collect::<Vec<_>>(), [b"2"]);
    }
}
