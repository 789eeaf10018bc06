//! Reading the audit log, and proving that nobody has changed it.

use crate::{Platform, Result};
use domain::{Action, Actor, AuditFilter, AuditLine, AuditPage, ChainFault, ChainReport, TeamId};
use futures::stream::{self, BoxStream, StreamExt};
use store::{AuditQuery, Store, chain_hash};

/// How many lines a page has.
const PAGE: u32 = 50;

/// How many lines are read at once where all are wanted.
const AT_ONCE: u32 = 1000;

/// Lines, some at a time.
pub type AuditLines = BoxStream<'static, Result<Vec<AuditLine>>>;

/// Operations on the audit log.
pub struct AuditLog<'a>(pub(crate) &'a Platform);

impl AuditLog<'_> {
    /// A page of a team's log, or of the whole platform's.
    ///
    /// # Errors
    /// A day in the filter that is none.
    pub async fn page(&self, actor: &Actor, team: Option<TeamId>, filter: &AuditFilter) -> Result<AuditPage> {
        let reached = if let Some(id) = team {
            Some(self.0.reach_team(actor, id).await?.allowing(Action::ReadAudit).await?.team)
        } else {
            self.0.allow_on_platform(actor, Action::ReadPlatformAudit).await?;
            None
        };
        let mut query = query(team, filter)?;
        query.before = filter.before();
        query.limit = PAGE + 1;
        let mut lines = self.0.parts.store.audit().find(&query).await?;
        let has_more = lines.len() > PAGE as usize;
        lines.truncate(PAGE as usize);
        let next = lines.last().map(|line| line.number).filter(|_| has_more);
        Ok(AuditPage { lines, next, team: reached })
    }

    /// All lines that a filter leaves, whatever the page, newest first.
    pub async fn export(&self, actor: &Actor, team: Option<TeamId>, filter: &AuditFilter) -> Result<AuditLines> {
        let first = AuditFilter { before: String::new(), ..filter.clone() };
        self.page(actor, team, &first).await?;
        let query = AuditQuery { limit: AT_ONCE, ..query(team, &first)? };
        Ok(all(self.0.parts.store.clone(), query).boxed())
    }
}

fn query(team: Option<TeamId>, filter: &AuditFilter) -> Result<AuditQuery> {
    let (from, to) = filter.period()?;
    Ok(AuditQuery {
        team,
        person: filter.person.trim().to_lowercase(),
        action: filter.action.trim().to_owned(),
        app: filter.app.trim().to_owned(),
        from,
        to,
        before: filter.before(),
        limit: PAGE,
    })
}

fn all(store: Store, query: AuditQuery) -> impl futures::Stream<Item = Result<Vec<AuditLine>>> {
    stream::unfold(Some(query), move |query| {
        let store = store.clone();
        async move {
            let mut query = query?;
            let lines = match store.audit().find(&query).await {
                Ok(lines) => lines,
                Err(error) => return Some((Err(error.into()), None)),
            };
            query.before = lines.last()?.number;
            Some((Ok(lines), Some(query)))
        }
    })
}

/// Goes through the whole chain: each line has to be the one that was written, and none may be missing.
///
/// # Errors
/// The store does not answer.
pub async fn verify_audit(store: &Store) -> Result<ChainReport> {
    let (before_chain, written) = store.audit().written().await?;
    let mut report = ChainReport { sound: 0, head: String::new(), fault: None };
    loop {
        let lines = store.audit().after(report.sound, AT_ONCE).await?;
        if lines.is_empty() {
            break;
        }
        for line in &lines {
            if let Some(sentence) = fault(&report, line, before_chain) {
                report.fault = Some(ChainFault { number: report.sound + 1, sentence });
                return Ok(report);
            }
            report.sound = line.number;
            report.head.clone_from(&line.hash);
        }
    }
    if report.sound < written {
        let sentence = format!("it is missing, and so is everything up to number {written}");
        report.fault = Some(ChainFault { number: report.sound + 1, sentence });
    }
    Ok(report)
}

fn fault(before: &ChainReport, line: &AuditLine, before_chain: u64) -> Option<String> {
    let expected = before.sound + 1;
    if line.number != expected {
        return Some(format!("it is missing; number {} follows", line.number));
    }
    let hash = if line.number <= before_chain { String::new() } else { chain_hash(&before.head, line) };
    let told = || format!("“{}” by {} at {} is not what was written", line.action, line.person, line.at.to_utc());
    (hash != line.hash).then(told)
}
