//! What the person at the terminal sees.

use anyhow::Result;
use platform::Platform;
use tokio::signal::unix::{SignalKind, signal};

/// Speaks to a person, or in one line of JSON to a program.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    is_json: bool,
}

impl Terminal {
    /// For a person unless `is_json`.
    pub fn new(is_json: bool) -> Self {
        Self { is_json }
    }

    /// Says what is being done.
    pub fn doing(self, what: &str) {
        if !self.is_json {
            eprintln!("    {what}");
        }
    }

    /// Says where everything is, with a new sign-in link when there is no identity provider.
    pub async fn ready(self, platform: &Platform) -> Result<()> {
        let info = platform.info();
        let console = platform.console_address();
        let link = match info.sign_in {
            Some(_) => None,
            None => Some(format!("{console}/sign-in/link?token={}", platform.sign_in_links().make().await?.expose())),
        };
        if self.is_json {
            println!("{}", serde_json::json!({ "console": console, "link": link }));
            return Ok(());
        }
        println!("\n  Slipway is at  {console}{}", if info.is_demo { "   (demo: nothing runs on Docker)" } else { "" });
        match link {
            Some(link) => {
                println!("  Sign in with   {link}\n                 (works once, for 30 minutes, from this machine)");
            }
            None => println!("  Sign in with   {}", info.sign_in.unwrap_or_default()),
        }
        println!("  Ctrl-C         stops the platform; apps keep serving\n");
        Ok(())
    }

    /// Returns on Ctrl-C or SIGTERM.
    pub async fn wait_for_end(self) {
        let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        self.doing("stopping; apps keep serving");
    }
}
