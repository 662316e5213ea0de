# A fish stock under three harvest rules: a logistic stock with random growth, harvested every year.
# Base R alone. Reads its settings from the command line, --name=value each; writes years.csv while it runs and prints its result.
arguments <- commandArgs(trailingOnly = TRUE)
setting <- function(name) sub(paste0("^--", name, "="), "", grep(paste0("^--", name, "="), arguments, value = TRUE))
rule <- setting("rule")
rate <- as.numeric(setting("rate"))
years <- as.integer(setting("years"))
# A seed of R is a signed integer; half of the uint32 that a trial is given.
set.seed(as.numeric(setting("seed")) %/% 2)

growth <- 0.5
capacity <- 1000
stock <- capacity / 2
taken <- 0
cat("year,stock,harvest\n", file = "years.csv")
for (year in seq_len(years)) {
  # The sustainable yield at most is growth * capacity / 4; each rule takes `rate` of it on average when the stock is at half capacity.
  wanted <- switch(rule,
    quota = rate * growth * capacity / 4,
    effort = rate * growth / 2 * stock,
    escapement = max(0, stock - (1 - rate / 2) * capacity)
  )
  harvest <- min(stock, wanted)
  stock <- stock - harvest
  taken <- taken + harvest
  stock <- max(0, stock + growth * stock * (1 - stock / capacity) * exp(rnorm(1, -0.18, 0.6)))
  cat(year, ",", stock, ",", harvest, "\n", sep = "", file = "years.csv", append = TRUE)
  if (stock < 1) break
}
# What is not taken after a collapse is lost: the yield is over all years.
cat("yield", taken / years, "\n")
cat("collapsed", stock < 1, "\n")
