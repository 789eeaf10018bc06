use crate::command::To;
use crate::connection::Connection;
use crate::failure::Result;
use crate::output;
use api::{Kind, WhoAmI};

/// Says for whom the token stands.
pub async fn show(to: &To) -> Result<()> {
    let who: WhoAmI = Connection::to(to)?.get(&["whoami"]).await?;
    if to.json {
        output::json(&who);
        return Ok(());
    }
    match (who.kind, &who.token.app) {
        (Kind::DeployToken, Some(app)) => {
            output::line(&format!(
                "The token {} of {}, which deploys {app} and nothing else.",
                who.token.name, who.email
            ));
        }
        _ => output::line(&format!("{}, with the token {}.", who.email, who.token.name)),
    }
    output::line(&format!("The token works until {}.", who.token.expires_at));
    for team in who.teams {
        output::line(&format!("{} of {}", team.role, team.name));
    }
    Ok(())
}
