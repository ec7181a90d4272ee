# Every command of the project; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

NODE := node_modules/.bin/node
SANDBOX := $(NODE) sandbox/main.ts
INSTALLED := node_modules/.installed
CLUSTER ?= machine
LAYERS ?=
ARGS ?=
FILE ?=
STACK ?=

.PHONY: help
help: ## list the commands
	@awk -F ':.*## ' '/^[a-z0-9 -]+:.*## / { n = split($$1, names, " "); for (i = 1; i <= n; i++) printf "  make %-17s %s\n", names[i], $$2 }' $(MAKEFILE_LIST)

$(INSTALLED): package-lock.json package.json policies/package.json sandbox/package.json services/identity/package.json
	@bash sandbox/bootstrap.sh >&2
	@touch $@

.PHONY: up
up: $(INSTALLED) ## deploy the platform on this machine (CLUSTER=existing: on the cluster of the current kubeconfig; LAYERS=a,b: only these layers and those that they need)
	@$(SANDBOX) up --cluster=$(CLUSTER) --layers=$(LAYERS)

.PHONY: down
down: $(INSTALLED) ## stop the sandbox's machine and keep its data in the cache folder
	@$(SANDBOX) down

.PHONY: reset
reset: $(INSTALLED) ## stop the machine and delete its data and the stack's state
	@$(SANDBOX) reset --yes

.PHONY: status
status: $(INSTALLED) ## show the applications, what runs in the sandbox, and whether all is well (exit status 0: well)
	@$(SANDBOX) status

.PHONY: ssh
ssh: $(INSTALLED) ## open a shell on the sandbox's machine (ARGS='COMMAND': run one command there)
	@$(SANDBOX) ssh -- $(ARGS)

.PHONY: logs
logs: $(INSTALLED) ## show the latest log lines of the machine (ARGS='SERVICE --follow')
	@$(SANDBOX) logs $(ARGS)

.PHONY: ca
ca: $(INSTALLED) ## print the certificate of the internal CA (FILE=ca.pem: write it to a file)
	@$(SANDBOX) ca --file=$(FILE)

.PHONY: kubeconfig
kubeconfig: $(INSTALLED) ## print the kubeconfig of the cluster's administrator (FILE=kubeconfig: write it to a file that only you can read)
	@$(SANDBOX) kubeconfig --file=$(FILE)

.PHONY: preview
preview: $(INSTALLED) ## show what `make up` would change, or that nothing changes, and check the policies (ARGS=…: more options of the preview)
	@$(SANDBOX) preview -- $(ARGS)

.PHONY: pulumi
pulumi: $(INSTALLED) ## run the engine on the sandbox's stack, for example make pulumi ARGS='stack output'
	@$(SANDBOX) pulumi -- $(ARGS)

.PHONY: outputs
outputs: $(INSTALLED) ## show the outputs of the stack as a table, without secrets (STACK=ovh: of this stack, by the `pulumi` on the PATH; default: of the sandbox)
	@set -o pipefail; $(if $(STACK),pulumi,$(SANDBOX) pulumi --) stack output --json $(if $(STACK),--stack $(STACK)) | $(NODE) services/outputs/main.ts

.PHONY: unstick
unstick: $(INSTALLED) ## let Pulumi go on with Helm releases that a killed run left (STACK=ovh: of this stack, by the `pulumi` on the PATH; default: of the sandbox)
	@set -o pipefail; $(if $(STACK),pulumi,$(SANDBOX) pulumi --) stack output foundation --json --show-secrets $(if $(STACK),--stack $(STACK)) | $(NODE) services/recovery/main.ts $(ARGS)

.PHONY: drift
drift: $(INSTALLED) ## show what in the cluster is not as the stack declares, and who changed it (ARGS=--put-back: make it so again; STACK=ovh: of this stack, as for unstick)
	@set -o pipefail; $(if $(STACK),pulumi,$(SANDBOX) pulumi --) stack export --show-secrets $(if $(STACK),--stack $(STACK)) | $(NODE) services/drift/main.ts $(ARGS)

.PHONY: audit
audit: $(INSTALLED) ## show who read or changed a secret of Vault, from its audit log on standard input (ARGS=kv/oauth/iam/reports: this secret)
	@$(NODE) services/audit/main.ts $(ARGS)

.PHONY: image
image: $(INSTALLED) ## build the image of services/identity for a server, and print the path of its OCI archive
	@$(SANDBOX) image

.PHONY: test
test: $(INSTALLED) ## run every test: lint, types, unit, graph, integration, end to end, faults (LAYERS=a,b: only the tests of these layers)
	@$(NODE) test/run.ts --layers=$(LAYERS)

.PHONY: lint types unit integration e2e fault
lint types unit integration e2e fault: $(INSTALLED) ## run one part of `make test`
	@$(NODE) test/run.ts --layers=$(LAYERS) $@

.PHONY: mocha
mocha: $(INSTALLED) ## run one test file with the project's Node (FILE=test/unit/docs/commands.test.ts)
	@$(NODE) node_modules/.bin/mocha --reporter spec $(FILE)

.PHONY: resource-graphs
resource-graphs: $(INSTALLED) ## run the part `graph` of `make test`: compare each environment's resources with its golden file
	@$(NODE) test/run.ts graph

.PHONY: published-charts
published-charts: $(INSTALLED) ## compare the sandbox's charts with the published ones, which needs their repositories
	@$(NODE) node_modules/.bin/mocha --reporter spec test/judges/published-charts.test.ts

.PHONY: test-genuine
test-genuine: $(INSTALLED) ## reset the sandbox, and test the platform under the vendor's Kubernetes plugin into bench/genuine.json (its first build: 12 minutes of a processor, 4.2 GiB)
	@$(NODE) bench/genuine.ts

.PHONY: golden
golden: $(INSTALLED) ## write the golden files again from the current resource graphs
	@UPDATE_GOLDEN=1 $(NODE) test/run.ts graph

.PHONY: reference
reference: $(INSTALLED) ## generate docs/reference from the settings schemas and the relations
	@$(NODE) docs/reference/generate.ts

.PHONY: graph
graph: $(INSTALLED) ## draw the platform's relations into docs/reference/relations.svg
	@$(NODE) docs/reference/generate.ts relations.svg

.PHONY: format
format: $(INSTALLED) ## format every file
	@node_modules/.bin/prettier --write --log-level warn .

.PHONY: bench-foundation
bench-foundation: $(INSTALLED) ## reset the sandbox, then measure it into bench/foundation.json (ARGS=--cold=FILE: FILE is the output of a first `make up`)
	@$(NODE) bench/foundation.ts $(ARGS)

.PHONY: bench-doors
bench-doors: $(INSTALLED) ## write into bench/doors.json how many guesses a minute get through the sign-in, with and without the pages
	@$(NODE) bench/doors.ts
