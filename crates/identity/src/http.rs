//! How the issuer is called: no redirects, with deadlines, and with a limit on what it may answer.

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use std::{future::Future, pin::Pin, time::Duration};

/// More than ten times what discovery documents and key sets take, in bytes.
const LONGEST_ANSWER: usize = 1 << 20;

/// A client for an issuer's addresses.
#[derive(Debug, Clone)]
pub(crate) struct Http(reqwest::Client);

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error(transparent)]
    Call(#[from] reqwest::Error),
    #[error("it answered {0}")]
    Failing(http::StatusCode),
    #[error("the answer is longer than {LONGEST_ANSWER} bytes")]
    TooLong,
    #[error(transparent)]
    Malformed(#[from] http::Error),
}

impl Http {
    pub(crate) fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            // A redirect would let an issuer's answer choose an address inside our network.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(10))
            .build()?;
        Ok(Self(client))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let mut response = self.0.execute(request.try_into()?).await?;
        // Whatever page comes with it, a proxy's for example: this is an outage and not an answer.
        if response.status().is_server_error() {
            return Err(HttpError::Failing(response.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(HttpError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = http::Response::builder().status(response.status());
        for (name, value) in response.headers() {
            answer = answer.header(name, value);
        }
        Ok(answer.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
