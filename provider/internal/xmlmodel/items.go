package xmlmodel

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Items is the codec of a list of texts, each in its own element. Whatever else is in an element stays with its text.
type Items struct {
	Tag  string
	Item table.Codec // where the text is in its element
}

// Read returns the list, nil if there is no such element.
func (i Items) Read(parent *etree.Element) any {
	var items []string
	for _, el := range parent.SelectElements(i.Tag) {
		items = append(items, i.text(el))
	}
	if items == nil {
		return nil
	}
	return table.ListOf(items...)
}

// Write makes the elements match the list, in its order.
func (i Items) Write(parent *etree.Element, v any) {
	there := map[string]*etree.Element{}
	for _, el := range parent.SelectElements(i.Tag) {
		there[i.text(el)] = el
		Drop(el)
	}
	list, _ := v.(table.List)
	for _, item := range list.Items() {
		if el := there[item]; el != nil {
			parent.AddChild(el)
			delete(there, item)
		} else {
			i.Item.Write(parent.CreateElement(i.Tag), item)
		}
	}
}

func (i Items) text(el *etree.Element) string { s, _ := i.Item.Read(el).(string); return s }
