mod choose_currency;
mod company;
mod of_app;
mod of_team;
mod parts;
mod rates;
mod set_rate;
mod statement;

pub use company::Company;
pub use of_app::OfApp;
pub use of_team::OfTeam;
pub use rates::Rates;
