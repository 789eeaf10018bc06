use crate::Invalid;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The currencies of ISO 4217 that people pay with, and how many decimals each has where it is not two.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD3 BIF0 BMD BND BOB BRL BSD BTN BWP BYN \
    BZD CAD CDF CHF CLP0 CNY COP CRC CUP CVE CZK DJF0 DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF0 GTQ \
    GYD HKD HNL HTG HUF IDR ILS INR IQD3 IRR ISK0 JMD JOD3 JPY0 KES KGS KHR KMF0 KPW KRW0 KWD3 KYD KZT LAK LBP LKR LRD \
    LSL LYD3 MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR3 PAB PEN PGK PHP PKR \
    PLN PYG0 QAR RON RSD RUB RWF0 SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND3 TOP TRY \
    TTD TWD TZS UAH UGX0 USD UYU UZS VES VND0 VUV0 WST XAF0 XCD XOF0 XPF0 YER ZAR ZMW";

/// A currency by its ISO 4217 code, such as `EUR`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency {
    code: [u8; 3],
    decimals: u8,
}

impl Currency {
    /// How many decimals its smallest coin has: 2 for the euro, 0 for the yen, 3 for the dinar of Kuwait.
    pub const fn decimals(self) -> u8 {
        self.decimals
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or_default()
    }
}

impl FromStr for Currency {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refused = || Invalid::new("currency", "Give a currency by its code, such as EUR or USD.");
        let wanted = text.trim().to_ascii_uppercase();
        let code: [u8; 3] = wanted.as_bytes().try_into().map_err(|_| refused())?;
        let known = CODES.split_whitespace().find(|known| known.as_bytes()[..3] == code).ok_or_else(refused)?;
        let decimals = known.as_bytes().get(3).map_or(2, |digit| digit - b'0');
        Ok(Self { code, decimals })
    }
}

impl TryFrom<String> for Currency {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_has_the_decimals_of_its_coins() {
        let decimals = |code: &str| code.parse::<Currency>().map(Currency::decimals);
        assert_eq!([decimals("EUR"), decimals("jpy"), decimals(" KWD ")], [Ok(2), Ok(0), Ok(3)]);
    }

    #[test]
    fn what_is_no_currency_is_refused() {
        for text in ["", "E", "EURO", "€", "XXX", "BHD3", "US"] {
            assert_eq!(text.parse::<Currency>().expect_err(text).field, "currency");
        }
    }
}
