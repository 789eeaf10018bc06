mod audit;
mod danger;
mod invite;
mod layout;
mod limits;
mod list;
mod new;
mod people;

pub use audit::Audit;
pub use danger::Danger;
pub use layout::{Layout, ThisTeam};
pub use limits::Limits;
pub use list::List;
pub use new::New;
pub use people::People;
