mod freeze;
mod new;
mod show;

pub use freeze::Freeze;
pub use new::New;
pub use show::Show;
