use anyhow::Result;
use serde::Serialize;
use std::fmt;
use std::path::Path;

/// One figure beside its aim.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// The figure.
    pub value: f64,
    /// Its unit; a ratio has none.
    pub unit: &'static str,
    /// What it should be.
    #[serde(flatten)]
    pub aim: Aim,
    /// Whether it is.
    pub holds: bool,
    /// How it came about.
    pub how: String,
}

impl Figure {
    /// A figure beside its aim.
    pub fn new(name: &str, value: f64, unit: &'static str, aim: Aim, how: String) -> Self {
        Self { name: name.to_owned(), value, unit, aim, holds: aim.holds(value), how }
    }
}

/// What a figure should be.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

impl Aim {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "at most {most}"),
            Self::AtLeast(least) => write!(f, "at least {least}"),
        }
    }
}

/// All figures of a run.
#[derive(Debug, Default)]
pub struct Report(Vec<Figure>);

impl Report {
    /// Notes and prints a figure that should be small.
    pub fn add(&mut self, name: &str, value: f64, unit: &'static str, at_most: f64, how: String) {
        self.put(Figure::new(name, value, unit, Aim::AtMost(at_most), how));
    }

    /// Notes and prints a figure.
    pub fn put(&mut self, figure: Figure) {
        let Figure { name, value, unit, aim, holds, how } = &figure;
        let verdict = if *holds { "holds" } else { "falls short" };
        println!("{name}: {value:.2} {unit} (aim: {aim} {unit}) {verdict}; {how}");
        self.0.push(figure);
    }

    /// Writes the figures with the machine and the versions. Figures of earlier runs that this one did not measure stay, unless
    /// they come from another machine.
    pub fn write(&self, path: &Path) -> Result<()> {
        let before = std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let before: serde_json::Map<String, serde_json::Value> = before.unwrap_or_default();
        let machine = machine();
        let is_same = before.get("machine") == Some(&machine);
        let mut figures = if is_same { before } else { serde_json::Map::new() };
        figures.insert("machine".to_owned(), machine);
        for figure in &self.0 {
            figures.insert(figure.name.clone(), serde_json::to_value(figure)?);
        }
        std::fs::write(path, serde_json::to_string_pretty(&figures)? + "\n")?;
        Ok(())
    }
}

fn machine() -> serde_json::Value {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let model =
        read("/proc/cpuinfo").lines().find(|l| l.starts_with("model name")).map(str::to_owned).unwrap_or_default();
    let memory = read("/proc/meminfo").lines().next().map(str::to_owned).unwrap_or_default();
    serde_json::json!({
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "cpu": model.split(": ").nth(1).unwrap_or_default(),
        "memory": memory.split(':').nth(1).unwrap_or_default().trim(),
        "kernel": read("/proc/sys/kernel/osrelease").trim(),
        "slipway": env!("CARGO_PKG_VERSION"),
    })
}
