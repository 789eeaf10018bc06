use super::Money;
use crate::AppId;
use num_bigint::BigInt;

/// What somebody holds of the nodes, over a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// MiB, for each millisecond.
    pub memory: u64,
    /// Thousandths of a core, for each millisecond.
    pub cpu: u64,
}

/// A part of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portion {
    /// Who held it; nobody for what was idle.
    pub app: Option<AppId>,
    /// How much of the invoice that is.
    pub amount: Money,
}

/// Spreads what the nodes really cost over the apps, half by the memory and half by the CPU that they hold; what nobody
/// holds is the last portion. The portions come to the invoice to the coin: each is rounded down, and the coins that are
/// left over go to those who lost most by that (the method of the largest remainder).
///
/// Where apps hold more than the nodes have, what they hold is all there is, and nothing is idle.
pub fn allocate(invoice: Money, nodes: Held, apps: &[(AppId, Held)]) -> Vec<Portion> {
    let sum = |of: fn(&Held) -> u64| apps.iter().map(|(_, held)| i128::from(of(held))).sum::<i128>();
    let memory = sum(|held| held.memory).max(i128::from(nodes.memory)).max(1);
    let cpu = sum(|held| held.cpu).max(i128::from(nodes.cpu)).max(1);
    // All weights together are 2 · memory · cpu.
    let whole = BigInt::from(memory) * cpu * 2;
    let weight = |held: &Held| BigInt::from(held.memory) * cpu + BigInt::from(held.cpu) * memory;
    let mut weights: Vec<(Option<AppId>, BigInt)> = apps.iter().map(|(app, held)| (Some(*app), weight(held))).collect();
    let idle = &whole - weights.iter().map(|(_, weight)| weight).sum::<BigInt>();
    weights.push((None, idle));
    by_largest_remainder(invoice, &whole, weights)
}

fn by_largest_remainder(invoice: Money, whole: &BigInt, weights: Vec<(Option<AppId>, BigInt)>) -> Vec<Portion> {
    let coins = invoice.in_coins();
    let (mut portions, mut remainders) = (Vec::new(), Vec::new());
    for (place, (app, weight)) in weights.into_iter().enumerate() {
        let share = weight * coins;
        portions.push((app, i64::try_from(&share / whole).unwrap_or_default()));
        remainders.push((share % whole, place));
    }
    // The largest first; of two alike the one that comes first.
    remainders.sort_by(|(a, place_a), (b, place_b)| b.cmp(a).then(place_a.cmp(place_b)));
    let left = usize::try_from(coins - portions.iter().map(|(_, coins)| coins).sum::<i64>()).unwrap_or_default();
    for (_, place) in remainders.into_iter().take(left) {
        portions[place].1 += 1;
    }
    let portion = |(app, coins)| Portion { app, amount: Money::coins(coins, invoice.currency) };
    portions.into_iter().map(portion).collect()
}
