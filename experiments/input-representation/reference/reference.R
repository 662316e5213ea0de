# The numbers that this study's analysis is held against, by R. Run in this folder; reads win-rates.csv and training.csv, writes r.json:
#   Rscript reference.R
suppressMessages({library(car); library(coin); library(effectsize); library(jsonlite)})

final <- read.csv("win-rates.csv")
training <- read.csv("training.csv")
names <- c("boolean", "embedding", "multi_encoder")
groups <- lapply(setNames(names, names), function(name) final$winRate[final$networkType == name])

described <- lapply(groups, function(x) {
  n <- length(x); se <- sd(x) / sqrt(n); interval <- t.test(x)$conf.int; normal <- shapiro.test(x)
  q <- unname(quantile(x, c(.25, .5, .75), type = 7)); reach <- 1.5 * (q[3] - q[1])
  inside <- x[x >= q[1] - reach & x <= q[3] + reach]
  list(n = n, mean = mean(x), sd = sd(x), se = se, low = interval[1], high = interval[2], min = min(x), max = max(x),
       median = median(x), q1 = q[1], q3 = q[3], whiskerLow = min(inside), whiskerHigh = max(inside),
       shapiroW = unname(normal$statistic), shapiroP = normal$p.value)
})

leveneOf <- function(parts) {
  long <- data.frame(value = unlist(parts), group = factor(rep(seq_along(parts), lengths(parts))))
  result <- leveneTest(value ~ group, long, center = mean)
  list(F = result[1, "F value"], df1 = result[1, "Df"], df2 = result[2, "Df"], p = result[1, "Pr(>F)"])
}

tOf <- function(x, y, equal) {
  result <- t.test(x, y, var.equal = equal)
  list(t = unname(result$statistic), df = unname(result$parameter), p = result$p.value,
       low = result$conf.int[1], high = result$conf.int[2], se = result$stderr,
       detectable = unname((qt(.975, result$parameter) + qt(.8, result$parameter)) * result$stderr))
}

# Cohen's d, its interval by solving pt(t, df, ncp) for the noncentrality: effectsize's own search stops after some five digits.
dOf <- function(x, y) {
  n <- length(x); m <- length(y); df <- n + m - 2; scale <- sqrt(1 / n + 1 / m)
  d <- cohens_d(x, y)$Cohens_d; t <- d / scale
  at <- function(p) uniroot(function(ncp) pt(t, df, ncp) - p, c(-40, 40), tol = 1e-15)$root * scale
  list(d = d, low = at(.975), high = at(.025), label = as.character(interpret_cohens_d(d, "cohen1988")))
}

pairOf <- function(first, second) {
  x <- groups[[first]]; y <- groups[[second]]
  long <- data.frame(value = c(x, y), group = factor(rep(c("a", "b"), c(length(x), length(y)))))
  ranks <- suppressWarnings(wilcox.test(x, y, exact = FALSE, correct = TRUE))
  below <- pvalue(wilcox_test(value ~ group, long, distribution = "exact", alternative = "less"))
  above <- pvalue(wilcox_test(value ~ group, long, distribution = "exact", alternative = "greater"))
  list(first = first, second = second, difference = mean(x) - mean(y), levene = leveneOf(list(x, y)),
       student = tOf(x, y, TRUE), welch = tOf(x, y, FALSE),
       mannWhitney = list(U = unname(ranks$statistic), pAsymptotic = ranks$p.value,
                          pExact = min(1, 2 * min(as.numeric(below), as.numeric(above))),
                          shift = median(outer(x, y, "-"))),
       cohen = dOf(x, y))
}
pairs <- list(pairOf("boolean", "embedding"), pairOf("boolean", "multi_encoder"), pairOf("embedding", "multi_encoder"))

# The document's ladder, in R: normality of both groups, equal variances, then the test.
chosen <- sapply(pairs, function(pair) {
  normal <- described[[pair$first]]$shapiroP > .05 && described[[pair$second]]$shapiroP > .05
  if (!normal) "mannWhitney" else if (pair$levene$p > .05) "student" else "welch"
})
p <- mapply(function(pair, test) if (test == "mannWhitney") pair$mannWhitney$pExact else pair[[test]]$p, pairs, chosen)
adjusted <- p.adjust(p, "bonferroni")
for (i in seq_along(pairs)) pairs[[i]] <- c(pairs[[i]], list(chosen = chosen[i], p = p[i], pBonferroni = adjusted[i]))

model <- aov(winRate ~ factor(networkType), final)
table <- summary(model)[[1]]
overall <- list(F = table[1, "F value"], df1 = table[1, "Df"], df2 = table[2, "Df"], p = table[1, "Pr(>F)"],
                etaSquared = eta_squared(model, partial = FALSE)$Eta2)
# Its interval, by solving pf(F, df1, df2, ncp) for the noncentrality, turned into a share as effectsize does: ncp / (ncp + df2).
etaAt <- function(p) {
  ncp <- uniroot(function(ncp) pf(overall$F, overall$df1, overall$df2, ncp) - p, c(0, 200), tol = 1e-14)$root
  ncp / (ncp + overall$df2)
}
overall <- c(overall, list(etaLow = etaAt(.975), etaHigh = etaAt(.025)))

curves <- do.call(rbind, lapply(names, function(name) do.call(rbind, lapply(sort(unique(training$round)), function(round) {
  x <- training$winRate[training$networkType == name & training$round == round]
  interval <- t.test(x)$conf.int
  data.frame(networkType = name, round = round, n = length(x), mean = mean(x), sd = sd(x), low = interval[1], high = interval[2])
}))))

packages <- c("car", "coin", "effectsize", "jsonlite")
versions <- as.list(setNames(sapply(packages, function(name) as.character(packageVersion(name))), packages))
write_json(list(source = c(list(R = R.version.string), versions), groups = described, leveneOfAll = leveneOf(unname(groups)),
                pairs = pairs, anova = overall, curves = curves),
           "r.json", auto_unbox = TRUE, digits = NA, pretty = TRUE)
