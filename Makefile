# Replywell. "make" alone prints the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

GO          ?= go
PYTHON      ?= python3
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUNCTIONS   := inbound send events schedule metrics index receiptrule adopt watch files
VERSION     := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LAMBDAFLAGS := -trimpath -tags=lambda.norpc,nethttpomithttp2 -ldflags=-s
LDFLAGS     := -s -X main.version=$(VERSION)
ARGS        ?=

.PHONY: help
help: ## print this list
	@echo 'Replywell answers a support address, entirely by e-mail. Targets:'
	@awk -F':.*## ' '/^[a-z.-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: build ## build, and start the whole system on this machine (ARGS="--data DIR ...")
	@exec bin/replywell local $(ARGS)

.PHONY: build
build: ## build bin/replywell
	@CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/replywell ./functions/replywell

.PHONY: test
test: .venv/ready ## run the tests, the slow ones last (installs the AWS API server for tests into .venv once)
	@echo 'Testing Replywell, room by room; about ten minutes on two cores, most of it in the last three rooms. What has not changed is not tested again.'
	@$(GO) test $$($(GO) list ./... | grep -vE '/functions$$|/shared/(kb|proof)$$') ./shared/kb ./shared/proof ./functions || \
	  { echo "Some tests fail: each is told above, after \"FAIL\". It took $$((SECONDS / 60)) min $$((SECONDS % 60)) s."; exit 1; }
	@echo "Replywell works: all tests pass."

.PHONY: check
check: ## gofmt, go vet, staticcheck, go.mod tidy
	@test -z "$$(gofmt -l functions shared)" || { gofmt -l functions shared; echo 'these files are not formatted: run gofmt -w on them'; exit 1; }
	@$(GO) mod tidy -diff || { echo "go.mod or go.sum names what is not used, or misses what is: run go mod tidy"; exit 1; }
	@$(GO) vet ./...
	@$(GO) run $(STATICCHECK) ./...

.PHONY: race
race: .venv/ready ## run the concurrent rooms' tests under the race detector
	@$(GO) test -race ./shared/store/... ./shared/inbound ./shared/reply ./shared/send ./shared/events ./shared/schedule ./shared/index ./shared/local/...

.PHONY: arm64
arm64: ## hold the arm64 kernels and the vectors to those of amd64, under qemu (Debian: qemu-user-static)
	@for p in embed embed/matmul; do GOOS=linux GOARCH=arm64 CGO_ENABLED=0 $(GO) test -count=1 -exec 'qemu-aarch64-static -cpu max' ./shared/kb/$$p; done

.PHONY: prove
prove: .venv/ready ## hold the path of a mail to its promises for thousands of simulated days and interleavings (PROVE=300 for more)
	@$(GO) test ./shared/proof -run NoLoop -days 60 -mails 1000000 -rapid.checks $(or $(PROVE),100) -rapid.seed 20260302 -rapid.nofailfile
	@$(GO) test ./shared/proof -run "DoneTwice$$" -rapid.checks $(or $(PROVE),100)0 -rapid.nofailfile
	@$(GO) test ./shared/volume -years 20

# The nights' own draws say nothing to a reader; the story of a night that failed does.
.PHONY: chaos
chaos: build .venv/ready ## generate worst nights (SEEDS=200; SEED=N for the ones of a run before), and kill -9 the program again and again under load
	@$(GO) test ./shared/proof -count=1 -timeout 0 -v -run 'WorstNights' -seeds $(or $(SEEDS),200) $(if $(SEED),-rapid.seed $(SEED)) -rapid.nofailfile | grep -v '\[rapid\] draw'
	@$(GO) run ./shared/bench/load -program bin/replywell -articles none -mails $$(($(or $(SEEDS),200) * 2)) -kill 700ms

.PHONY: fuzz
fuzz: ## fuzz each parser for FUZZTIME (10s)
	@$(GO) list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{.Dir}}{{end}}' ./... | while read -r pkg dir; do \
	  for f in $$(cat $$dir/*_test.go | sed -nE 's/^func (Fuzz[A-Za-z0-9_]+)\(.*/\1/p'); do \
	    echo "== $$pkg $$f"; $(GO) test $$pkg -run '^$$' -fuzz "^$$f\$$" -fuzztime $(or $(FUZZTIME),10s) -fuzzminimizetime 20x; done; done

.PHONY: bench
bench: ## speed and memory; docs/performance.md says what to expect
	@$(GO) test -run '^$$' -bench . -benchmem ./shared/...

.PHONY: bench-load
bench-load: build ## put the whole program under load, as mail servers on both sides would (ARGS="-mails 2000 -senders 4 -articles none"; -h lists more)
	@$(GO) run ./shared/bench/load -program bin/replywell $(ARGS)

.PHONY: bench-large
bench-large: build ## the same mails of 2 kB at a desk of a thousand conversations, and at one of LARGE (1000000)
	@for n in 1000 $(or $(LARGE),1000000); do $(GO) run ./shared/bench/load -program bin/replywell -articles none -size 2000 -mails 1000 -before $$n $(ARGS) || exit 1; done

.PHONY: soak
soak: build ## an hour of mail at RATE (20) a second; memory is told each minute
	@$(GO) run ./shared/bench/load -program bin/replywell -articles none -rate $(or $(RATE),20) -mails $$(($(or $(RATE),20) * $(or $(SOAK),3600))) -tell 1m $(ARGS)

.PHONY: cost
cost: ## record what each path of a mail asks AWS for, and compute docs/cost.md from it and shared/bench/cost/prices.yaml
	@$(GO) test ./functions -count=1 -run WhatAPathCosts -update

.PHONY: bench-bleve
bench-bleve: ## compare the ranking with bleve on the public evaluation data (EVAL=DIR); minutes
	@cd shared/kb/bench && $(GO) run . --data $(or $(EVAL),../../../../shared/eval/kb/data) $(ARGS)

.PHONY: lambda
lambda: $(FUNCTIONS:%=build-lambda-%) ## build the Lambda bootstraps into bin/lambda
build-lambda-%:
	@GOOS=linux GOARCH=arm64 CGO_ENABLED=0 $(GO) build $(LAMBDAFLAGS) -o bin/lambda/$*/bootstrap ./functions/$*

# The functions are built once before, so that sam's parallel builds find them in Go's cache.
.PHONY: templates
templates: .venv-sam/ready lambda samconfig.toml ## lint the templates and build them with the real sam
	@$(MAKE) --no-print-directory lint-templates checkov
	@SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam validate --lint --template template.yaml --region eu-west-1
	@SAM_CLI_TELEMETRY=0 CGO_ENABLED=0 GOFLAGS='$(LAMBDAFLAGS)' .venv-sam/bin/sam build --template template.yaml --config-file infra/samconfig.toml
	@for f in $(FUNCTIONS); do ls .aws-sam/build/*/bootstrap | grep -qi "/$${f}function/bootstrap" || { echo "sam built no bootstrap for $$f"; exit 1; }; done

# cfn-lint only logs what it could not look at, such as a nested template that is
# not there, and succeeds: whatever it says is a failure.
.PHONY: lint-templates
lint-templates: .venv-sam/ready ## lint the templates of the folder TEMPLATES (.)
	@said=$$(cd '$(or $(TEMPLATES),.)' && '$(CURDIR)/.venv-sam/bin/cfn-lint' template.yaml infra/*.yaml 2>&1) || { echo "$$said"; exit 1; }; \
	  test -z "$$said" || { echo "$$said"; echo 'cfn-lint could not look at all of the templates: mend what it says'; exit 1; }

# It finds by itself what it is to look at, and fails where it found nothing.
.PHONY: checkov
checkov: .venv-checkov/ready ## look for insecure settings in the templates of the folder TEMPLATES (.); .checkov.yaml says what is left out, and why
	@said=$$(cd '$(or $(TEMPLATES),.)' && '$(CURDIR)/.venv-checkov/bin/checkov' --config-file '$(CURDIR)/.checkov.yaml' --skip-download -f template.yaml infra/mail.yaml infra/observability.yaml infra/queues.yaml infra/roles.yaml infra/storage.yaml 2>&1) || { echo "$$said"; exit 1; }

.PHONY: template-faults
template-faults: .venv-sam/ready .venv-checkov/ready ## put faults into the templates, and see each caught by the check for it
	@$(GO) test -count=1 ./functions -run FaultsInTheTemplates -args -faults

# What you answer to "sam deploy --guided" is kept here, out of git's sight.
samconfig.toml:
	@cp infra/samconfig.toml $@

.venv/ready: requirements-test.txt
	@$(PYTHON) -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.venv-sam/ready: requirements-sam.txt
	@$(PYTHON) -m venv .venv-sam
	@.venv-sam/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# sam's and checkov's own needs do not go together, so each has a folder of its own.
.venv-checkov/ready: requirements-checkov.txt
	@$(PYTHON) -m venv .venv-checkov
	@.venv-checkov/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# A second DynamoDB, which keeps transactions and conditions as the real one does. What was
# built once is kept for other clones on this machine.
DYNOXIDE := 3.2.0
TOOLS    := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/replywell
.tools/dynoxide-$(DYNOXIDE):
	@mkdir -p .tools '$(TOOLS)'
	@test -x '$(TOOLS)/dynoxide-$(DYNOXIDE)' || { \
	  command -v cargo >/dev/null || { echo 'cargo is missing: install Rust (rustup, or Debian: cargo), then run this again'; exit 1; }; \
	  echo 'Building dynoxide $(DYNOXIDE) once; about three minutes of one processor.'; \
	  cargo install dynoxide-rs --version $(DYNOXIDE) --locked --no-default-features --features native-sqlite,http-server,cli --root .tools --quiet; \
	  mv .tools/bin/dynoxide '$(TOOLS)/dynoxide-$(DYNOXIDE)'; }
	@cp '$(TOOLS)/dynoxide-$(DYNOXIDE)' $@

.PHONY: dynoxide
dynoxide: .tools/dynoxide-$(DYNOXIDE) .venv/ready ## hold the store, and the whole path, to a second DynamoDB
	@REPLYWELL_DYNOXIDE='$(CURDIR)/$<' $(GO) test -count=1 ./shared/store/engine/dynamo ./shared/store
	@REPLYWELL_DYNOXIDE='$(CURDIR)/$<' $(GO) test -count=1 ./functions -run BothHomesDecideAlike

.PHONY: clean
clean: ## remove what was built (never ./data)
	@rm -rf bin .aws-sam .venv .venv-sam .venv-checkov
