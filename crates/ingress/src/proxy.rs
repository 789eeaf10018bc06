use crate::config::Config;
use crate::gate::{self, Answer, Ruling, Stay};
use crate::headers::{self, Visitor};
use crate::https;
use crate::pages::{self, Page};
use crate::peer::{to_console, to_endpoint};
use crate::registry::{Registry, Unserved};
use crate::release::{Ending, Release};
use crate::visit::{To, Visit, is_endpoints_fault};
use async_trait::async_trait;
use domain::HostName;
use http::{Method, StatusCode, header};
use pingora::Error;
use pingora::ErrorSource::{Downstream, Upstream};
use pingora::ErrorType::{ConnectionClosed, HTTPStatus, ReadError, ReadTimedout, WriteError, WriteTimedout};
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::proxy::{FailToProxy, ProxyHttp, Session};
use pingora::upstreams::peer::HttpPeer;
use std::sync::Arc;

/// How often a request is sent once more because an app broke off before its answer began.
const REPLAYS: u8 = 2;

/// The door to all apps and the console.
#[derive(Debug)]
pub struct Front {
    pub registry: Arc<Registry>,
    pub config: Config,
}

impl Front {
    fn visitor(&self, session: &Session) -> Visitor {
        let peer = session.client_addr().and_then(|address| address.as_inet()).map(std::net::SocketAddr::ip);
        Visitor::new(peer, &self.config.local_peers, is_encrypted(session))
    }

    /// Where a request has to be sent that came to the wrong address.
    fn right_address(&self, host: &HostName, session: &Session) -> Option<String> {
        https::right_address(&self.registry.table(), host, is_encrypted(session), session.req_header())
    }

    fn destination(&self, host: HostName) -> To {
        let table = self.registry.table();
        match () {
            () if table.console_hosts.contains(&host) => To::Console,
            () => match table.routes.get(&host) {
                Some(route) if route.is_stopped => To::Stopped,
                Some(_) => To::App(host),
                None => To::Nowhere,
            },
        }
    }

    /// What the gate answers itself; nothing when the request may go on.
    async fn at_the_gate(&self, session: &Session, visit: &mut Visit) -> pingora::Result<Option<Answer>> {
        let (To::App(host), request) = (&visit.to, session.req_header()) else { return Ok(None) };
        if self.needs_https(host, session) {
            return pages::NEEDS_HTTPS.written_for(&request.headers).map(Some);
        }
        if gate::path_of(request).starts_with(gate::OWN_PATHS) {
            let table = self.registry.table_now();
            let Some(route) = table.routes.get(host) else { return Ok(None) };
            return gate::own(&table.gate, route, &self.config, request).await.map(Some);
        }
        let table = self.registry.table();
        let Some(route) = table.routes.get(host) else { return Ok(None) };
        match table.gate.rule(route, gate::path_of(request), &request.headers, (self.config.now)()) {
            Ruling::Open => Ok(None),
            Ruling::In(admitted) => {
                visit.admitted = Some(admitted);
                Ok(None)
            }
            ruling => gate::refuse(&table.gate, route, &ruling, request).map(Some),
        }
    }

    /// Whether somebody has to be asked who they are, and what says so must not be seen on the way.
    fn needs_https(&self, host: &HostName, session: &Session) -> bool {
        let (table, path) = (self.registry.table(), gate::path_of(session.req_header()));
        let is_open = table.routes.get(host).is_none_or(|route| route.access.is_open_at(path));
        table.gate.is_secure() && !is_encrypted(session) && (!is_open || path.starts_with(gate::OWN_PATHS))
    }

    /// The release that a request counts for.
    fn release(&self, visit: &Visit) -> Option<Arc<Release>> {
        let claimed = || visit.claim.as_ref().map(|claim| claim.endpoint.release.clone());
        match &visit.to {
            To::App(host) => claimed().or_else(|| Some(self.registry.route_to(host).ok()?.release.clone())),
            _ => None,
        }
    }
}

#[async_trait]
impl ProxyHttp for Front {
    type CTX = Visit;

    fn new_ctx(&self) -> Visit {
        Visit::new(self.config.limits.parked_for)
    }

    async fn request_filter(&self, session: &mut Session, visit: &mut Visit) -> pingora::Result<bool> {
        let host = headers::host_of(session.req_header());
        if let Some(to) = self.right_address(&host, session) {
            let answer = https::redirect(&to, &session.req_header().method)?;
            write_answer(session, answer).await?;
            return Ok(true);
        }
        visit.to = self.destination(host);
        let own = match visit.to {
            To::Nowhere => Some(&pages::UNKNOWN_HOST),
            To::Stopped => Some(&pages::STOPPED),
            To::Console | To::App(_) => None,
        };
        if let Some(page) = own {
            write(session, page).await?;
            return Ok(true);
        }
        if let Some(answer) = self.at_the_gate(session, visit).await? {
            // Not the app's doing, so that it does not count for it.
            visit.to = To::Nowhere;
            write_answer(session, answer).await?;
            return Ok(true);
        }
        session.set_write_timeout(Some(self.config.limits.answer_within));
        if headers::is_websocket(session.req_header()) {
            // A WebSocket's visitor may be silent for as long as the app lets it.
            session.set_read_timeout(None);
        }
        Ok(false)
    }

    async fn upstream_peer(&self, session: &mut Session, visit: &mut Visit) -> pingora::Result<Box<HttpPeer>> {
        visit.claim = None;
        let To::App(host) = &visit.to else {
            return to_console(&self.config, session.req_header()).map(Box::new);
        };
        match self.registry.claim(host, &visit.failed, visit.until).await {
            Ok(claim) => {
                let claim = visit.claim.insert(claim);
                let request = session.req_header();
                let stay = || Stay {
                    registry: self.registry.clone(),
                    host: host.clone(),
                    path: gate::path_of(request).to_vec(),
                    admitted: visit.admitted.clone(),
                    now: self.config.now,
                };
                Ok(Box::new(to_endpoint(&claim.endpoint, &self.config.limits, request, stay)))
            }
            Err(Unserved::Stopped) => {
                visit.to = To::Stopped;
                Error::err(HTTPStatus(pages::STOPPED.status.as_u16()))
            }
            Err(Unserved::Silent) => Error::err(HTTPStatus(pages::NO_ANSWER.status.as_u16())),
            Err(Unserved::Unknown) => Error::err(HTTPStatus(pages::UNKNOWN_HOST.status.as_u16())),
        }
    }

    async fn upstream_request_filter(
        &self,
        session: &mut Session,
        request: &mut RequestHeader,
        visit: &mut Visit,
    ) -> pingora::Result<()> {
        let to_console = matches!(visit.to, To::Console);
        headers::rewrite(request, self.visitor(session), to_console)?;
        if to_console {
            return Ok(());
        }
        gate::strip(request)?;
        let Some(admitted) = &visit.admitted else { return Ok(()) };
        for (name, value) in self.registry.table().gate.told(admitted, (self.config.now)()) {
            if let Some(value) = value {
                request.insert_header(name, value)?;
            }
        }
        Ok(())
    }

    /// Nothing was sent yet, so any method may go elsewhere.
    fn fail_to_connect(&self, _: &mut Session, _: &HttpPeer, visit: &mut Visit, mut error: Box<Error>) -> Box<Error> {
        if let Some(claim) = visit.claim.take() {
            if is_endpoints_fault(&error) {
                claim.endpoint.silent();
            }
            visit.failed.push(claim.endpoint.number);
            error.set_retry(true);
        }
        error
    }

    /// Something was sent. What changes nothing at the app may be sent again, as long as no answer has begun.
    fn error_while_proxy(
        &self,
        _: &HttpPeer,
        session: &mut Session,
        mut error: Box<Error>,
        visit: &mut Visit,
        reused: bool,
    ) -> Box<Error> {
        let upstream = *error.esource() == Upstream;
        let unanswered = visit.answer.is_none() && session.response_written().is_none();
        let broken = matches!(error.etype(), ConnectionClosed | ReadError | WriteError);
        let repeatable = session.req_header().method.is_idempotent() && !session.retry_buffer_truncated();
        let again = upstream && unanswered && broken && repeatable && (reused || visit.replays < REPLAYS);
        if again && !reused {
            visit.replays += 1;
        }
        if let (true, Some(claim)) = (upstream, &visit.claim) {
            claim.endpoint.look();
            if !reused {
                visit.failed.push(claim.endpoint.number);
            }
        }
        error.set_retry(again);
        error
    }

    async fn upstream_response_filter(
        &self,
        session: &mut Session,
        answer: &mut ResponseHeader,
        visit: &mut Visit,
    ) -> pingora::Result<()> {
        let upgraded = answer.status == StatusCode::SWITCHING_PROTOCOLS;
        if answer.status.is_informational() && !upgraded {
            return Ok(());
        }
        visit.answer = Some(answer.status);
        let hsts = self.registry.table().certificates.hsts_seconds;
        if hsts > 0 && is_encrypted(session) && !answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY) {
            answer.insert_header(header::STRICT_TRANSPORT_SECURITY, format!("max-age={hsts}"))?;
        }
        let kind = answer.headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes().to_ascii_lowercase());
        let events = kind.is_some_and(|kind| kind.starts_with(b"text/event-stream"));
        if let (true, Some(claim)) = (upgraded || events, &mut visit.claim) {
            claim.becomes_stream();
        }
        Ok(())
    }

    async fn fail_to_proxy(&self, session: &mut Session, error: &Error, visit: &mut Visit) -> FailToProxy {
        let failure = |error_code| FailToProxy { error_code, can_reuse_downstream: false };
        let broken = matches!(error.etype(), WriteError | WriteTimedout | ReadError | ReadTimedout | ConnectionClosed);
        let sent = match visit.page_for(error) {
            _ if *error.esource() == Downstream && broken => return failure(0),
            Some(page) => {
                session.set_keepalive(None);
                write(session, page).await.map(|()| page.status.as_u16())
            }
            None => {
                let status = if *error.esource() == Downstream { 400 } else { 500 };
                session.respond_error(status).await.map(|()| status)
            }
        };
        failure(sent.unwrap_or_default())
    }

    async fn logging(&self, session: &mut Session, error: Option<&Error>, visit: &mut Visit) {
        let Some(release) = self.release(visit) else { return };
        let ending = visit.ending(error);
        if let (Ending::Lost, Some(error)) = (ending, error) {
            // Not the target: what stands in it may be a secret.
            let method = session.req_header().method.as_str();
            tracing::warn!(release = %release.id, method, %error, "a request was lost");
        }
        release.count(ending);
        visit.claim = None;
    }

    fn suppress_error_log(&self, _: &Session, _: &Visit, _: &Error) -> bool {
        // Said in `logging`, where it is known whether it was anybody's fault here.
        true
    }

    fn suppress_proxy_warn_log(
        &self,
        _: &Session,
        _: &Visit,
        _: &Error,
        _: pingora::proxy::ProxyWarnLogContext,
    ) -> bool {
        true
    }
}

/// Whether the visitor speaks HTTPS.
fn is_encrypted(session: &Session) -> bool {
    session.digest().is_some_and(|digest| digest.ssl_digest.is_some())
}

/// Writes a page, unless an answer has begun.
async fn write(session: &mut Session, page: &Page) -> pingora::Result<()> {
    if session.response_written().is_some_and(|written| !written.status.is_informational()) {
        return Ok(());
    }
    let answer = page.written_for(&session.req_header().headers)?;
    write_answer(session, answer).await
}

async fn write_answer(session: &mut Session, (head, body): Answer) -> pingora::Result<()> {
    let with_body = session.req_header().method != Method::HEAD && !body.is_empty();
    session.write_response_header(Box::new(head), !with_body).await?;
    if with_body {
        session.write_response_body(Some(body), true).await?;
    }
    Ok(())
}
