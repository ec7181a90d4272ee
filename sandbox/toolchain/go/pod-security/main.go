// Program pod-security evaluates pods by the checks of Kubernetes' own Pod Security admission.
//
// It reads a JSON list of pods and their levels, and writes a JSON list: for each pod, why the level refuses it. The text
// is empty for an accepted pod.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type pod struct {
	Level    string                 `json:"level"`
	Template corev1.PodTemplateSpec `json:"template"`
}

func evaluate(input io.Reader) ([]string, error) {
	var pods []pod
	decoder := json.NewDecoder(input)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&pods); err != nil {
		return nil, err
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks())
	if err != nil {
		return nil, err
	}
	refusals := make([]string, len(pods))
	for index, pod := range pods {
		level, err := api.ParseLevel(pod.Level)
		if err != nil {
			return nil, fmt.Errorf("level %q of pod %d: %w", pod.Level, index, err)
		}
		latest := api.LevelVersion{Level: level, Version: api.LatestVersion()}
		results := evaluator.EvaluatePod(latest, &pod.Template.ObjectMeta, &pod.Template.Spec)
		if result := policy.AggregateCheckResults(results); !result.Allowed {
			refusals[index] = result.ForbiddenDetail()
		}
	}
	return refusals, nil
}

func main() {
	refusals, err := evaluate(os.Stdin)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(refusals)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
