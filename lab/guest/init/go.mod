module github.com/kvm-fleet/kvm-fleet/lab/guest/init

go 1.24

require gopkg.in/yaml.v3 v3.0.1
