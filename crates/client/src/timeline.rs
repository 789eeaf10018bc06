use crate::output::{error_line, plain};
use api::{Deploy, Step};
use std::collections::HashMap;

/// The steps of a deploy on standard error, each told when it ends, and what one waits for when that changes.
#[derive(Debug, Default)]
pub struct Timeline(HashMap<String, String>);

impl Timeline {
    /// Tells what is new.
    pub fn show(&mut self, deploy: &Deploy) {
        for step in deploy.steps.iter().filter(|step| step.state != "pending") {
            let line = told(step);
            if self.0.get(&step.step) != Some(&line) {
                error_line(&plain(&line));
                self.0.insert(step.step.clone(), line);
            }
        }
    }
}

fn told(step: &Step) -> String {
    let mark = match step.state.as_str() {
        "done" => "✓",
        "skipped" => "–",
        "working" => "…",
        _ => "✗",
    };
    let took = step.millis.map_or_else(String::new, domain::human_millis);
    let detail = if step.detail.is_empty() { String::new() } else { format!("  {}", step.detail.replace('\n', " ")) };
    format!("  {mark} {:<24} {took:>9}{detail}", step.title).trim_end().to_owned()
}
